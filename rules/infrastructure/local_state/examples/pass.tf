terraform {
  backend "gcs" {
    bucket = "example-terraform-state"
    prefix = "shop"
  }
}
