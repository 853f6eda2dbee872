resource "aws_autoscaling_group" "app" {
  max_size = 3
  min_size = 1

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}
