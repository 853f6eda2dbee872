resource "google_sql_database_instance" "orders" {
  database_version = "POSTGRES_16"

  settings {
    tier = "db-custom-2-8192"

    ip_configuration {
      authorized_networks {
        name  = "everybody"
        value = "0.0.0.0/0"
      }
    }
  }
}
