# 定义AWS提供商
provider "aws" {
  region = "us-west-2"
}

# 定义变量
variable "app_version" {
  description = "应用版本号"
  type        = string
  default     = "1.2.0"
}

variable "environment" {
  description = "部署环境"
  type        = string
  default     = "prod"
}

# 创建EC2实例
resource "aws_instance" "app" {
  ami           = "ami-0c55b159cbfafe1f0"
  instance_type = "t3.micro"
  user_data     = file("init.sh")
  
  vpc_security_group_ids = [aws_security_group.app_sg.id]
  
  tags = {
    Name        = "${var.environment}-app-v${var.app_version}"
    Environment = var.environment
    Version     = var.app_version
    ManagedBy   = "terraform"
  }
  
  # 防止意外修改
  lifecycle {
    create_before_destroy = true
  }
}

# 安全组配置
resource "aws_security_group" "app_sg" {
  name        = "${var.environment}-app-sg"
  description = "Allow inbound traffic for app"

  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# 输出
output "instance_ip" {
  value = aws_instance.app.public_ip
}
