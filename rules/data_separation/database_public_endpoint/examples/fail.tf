resource "azurerm_mssql_server" "orders" {
  name    = "orders"
  version = "12.0"
}
