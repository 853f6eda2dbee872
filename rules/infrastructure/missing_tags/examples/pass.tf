variable "app_version" {
  type = string
}

resource "aws_instance" "app" {
  ami           = "ami-0c55b159cbfafe1f0"
  instance_type = "t3.micro"

  tags = {
    Name        = "prod-app-v${var.app_version}"
    Environment = "prod"
    Version     = var.app_version
    ManagedBy   = "terraform"
  }
}
