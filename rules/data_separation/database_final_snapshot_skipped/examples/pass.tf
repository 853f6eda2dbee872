resource "aws_rds_cluster" "orders" {
  engine                    = "aurora-postgresql"
  skip_final_snapshot       = false
  final_snapshot_identifier = "orders-final"
}
