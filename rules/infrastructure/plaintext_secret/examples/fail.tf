variable "db_password" {
  type    = string
  default = "correct-horse-battery"
}
