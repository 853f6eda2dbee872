resource "azurerm_mssql_server" "orders" {
  name                          = "orders"
  version                       = "12.0"
  public_network_access_enabled = false
}
