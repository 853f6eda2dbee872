variable "db_password" {
  type      = string
  sensitive = true
}

resource "aws_db_instance" "orders" {
  engine         = "postgres"
  instance_class = "db.t4g.medium"
  password       = var.db_password
}
