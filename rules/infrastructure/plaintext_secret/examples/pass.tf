variable "db_password" {
  type      = string
  sensitive = true
}

resource "aws_db_instance" "main" {
  instance_class = "db.t3.medium"
  username       = "app"
  password       = var.db_password
}
