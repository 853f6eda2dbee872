resource "azurerm_linux_virtual_machine_scale_set" "app" {
  name         = "app"
  sku          = "Standard_D2s_v5"
  instances    = 3
  upgrade_mode = "Manual"
}
