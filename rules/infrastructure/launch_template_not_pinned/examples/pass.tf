resource "aws_launch_template" "app" {
  name     = "app"
  image_id = "ami-0c55b159cbfafe1f0"
}

resource "aws_autoscaling_group" "app" {
  min_size = 2
  max_size = 4

  launch_template {
    id      = aws_launch_template.app.id
    version = aws_launch_template.app.latest_version
  }
}
