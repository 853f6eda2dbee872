resource "azurerm_mssql_firewall_rule" "office" {
  name             = "office"
  server_id        = "/subscriptions/0000/servers/orders"
  start_ip_address = "198.51.100.1"
  end_ip_address   = "198.51.100.254"
}
