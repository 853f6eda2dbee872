terraform {
  backend "local" {
    path = "shop.tfstate"
  }
}
