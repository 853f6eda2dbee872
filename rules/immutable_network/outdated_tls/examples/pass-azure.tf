resource "azurerm_storage_account" "documents" {
  name                     = "documents"
  account_tier             = "Standard"
  account_replication_type = "ZRS"
  min_tls_version          = "TLS1_2"
}
