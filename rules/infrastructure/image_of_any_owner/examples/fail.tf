data "aws_ami" "base" {
  most_recent = true

  filter {
    name   = "name"
    values = ["app-base-*"]
  }
}
