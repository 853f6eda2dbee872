# Data outlives every machine: it is encrypted, backed up, in several zones, and cannot be destroyed by a plan.
resource "aws_db_instance" "main" {
  identifier                  = "${var.environment}-db"
  allocated_storage           = 20
  storage_type                = "gp3"
  storage_encrypted           = true
  engine                      = "postgres"
  engine_version              = "18.1"
  auto_minor_version_upgrade  = false
  instance_class              = "db.t3.medium"
  db_name                     = "shop"
  username                    = "shop"
  manage_master_user_password = true
  parameter_group_name        = aws_db_parameter_group.main.name
  db_subnet_group_name        = aws_db_subnet_group.main.name
  vpc_security_group_ids      = [aws_security_group.db.id]
  publicly_accessible         = false
  multi_az                    = true
  deletion_protection         = true
  backup_retention_period     = 14
  backup_window               = "03:00-04:00"
  maintenance_window          = "mon:04:00-mon:05:00"
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${var.environment}-db-final"

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "${var.environment}-db-"
  family      = "postgres18"

  parameter {
    name  = "log_connections"
    value = "1"
  }

  parameter {
    name  = "log_disconnections"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_subnet_group" "main" {
  name_prefix = "${var.environment}-db-"
  subnet_ids  = aws_subnet.private[*].id

  lifecycle {
    create_before_destroy = true
  }
}
