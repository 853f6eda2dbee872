resource "aws_lb_target_group" "blue" {
  name     = "blue"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}
