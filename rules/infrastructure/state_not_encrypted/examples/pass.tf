terraform {
  backend "s3" {
    bucket       = "example-terraform-state"
    key          = "shop/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}
