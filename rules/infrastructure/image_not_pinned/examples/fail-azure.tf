resource "azurerm_linux_virtual_machine" "app" {
  name = "app"
  size = "Standard_D2s_v5"

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }
}
