resource "aws_launch_template" "app" {
  name = "app"

  user_data = base64encode(<<-EOT
    #!/bin/sh
    export DB_PASSWORD="t0p-s3cret"
    exec /opt/app/run
  EOT
  )
}
