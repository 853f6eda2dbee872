resource "aws_lb_listener" "web" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188"
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"

    forward {
      target_group {
        arn    = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/blue/1"
        weight = 100
      }

      target_group {
        arn    = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/green/2"
        weight = 0
      }
    }
  }
}
