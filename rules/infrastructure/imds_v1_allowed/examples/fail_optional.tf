resource "aws_launch_template" "app" {
  image_id = "ami-0c55b159cbfafe1f0"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "optional"
  }
}
