# 蓝色环境
resource "aws_instance" "blue" {
  count         = var.blue_instances
  ami           = var.blue_ami
  instance_type = "t3.micro"
  
  tags = {
    Name        = "blue-app-${count.index}"
    Environment = "production"
    Color       = "blue"
  }
}

# 绿色环境
resource "aws_instance" "green" {
  count         = var.green_instances
  ami           = var.green_ami
  instance_type = "t3.micro"
  
  tags = {
    Name        = "green-app-${count.index}"
    Environment = "production"
    Color       = "green"
  }
}

# 负载均衡器
resource "aws_lb" "app_lb" {
  name               = "app-lb"
  internal           = false
  load_balancer_type = "application"
  subnets            = var.public_subnets
}

# 蓝色目标组
resource "aws_lb_target_group" "blue" {
  name     = "blue-tg"
  port     = 80
  protocol = "HTTP"
  vpc_id   = var.vpc_id
  
  health_check {
    path                = "/health"
    interval            = 30
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

# 绿色目标组
resource "aws_lb_target_group" "green" {
  name     = "green-tg"
  port     = 80
  protocol = "HTTP"
  vpc_id   = var.vpc_id
  
  health_check {
    path                = "/health"
    interval            = 30
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

# 负载均衡器监听器
resource "aws_lb_listener" "app_listener" {
  load_balancer_arn = aws_lb.app_lb.arn
  port              = 80
  protocol          = "HTTP"
  
  default_action {
    type             = "forward"
    target_group_arn = var.active_color == "blue" ? aws_lb_target_group.blue.arn : aws_lb_target_group.green.arn
  }
}
