provider "aws" {
  default_tags {
    tags = {
      Version     = "1.2.0"
      Environment = "prod"
      ManagedBy   = "terraform"
    }
  }
}

resource "aws_instance" "app" {
  ami           = "ami-0c55b159cbfafe1f0"
  instance_type = "t3.micro"
}
