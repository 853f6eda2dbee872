resource "aws_launch_template" "app" {
  name = "app"

  user_data = base64encode(<<-EOT
    #!/bin/sh
    export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id shop/db --query SecretString --output text)
    exec /opt/app/run
  EOT
  )
}
