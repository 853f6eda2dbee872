resource "aws_instance" "blue" {
  ami           = "ami-0c55b159cbfafe1f0"
  instance_type = "t3.micro"

  tags = {
    Name        = "blue-app"
    Environment = "production"
  }
}
