resource "aws_db_instance" "orders" {
  engine                     = "postgres"
  engine_version             = "16.4"
  instance_class             = "db.t4g.medium"
  auto_minor_version_upgrade = false
}
