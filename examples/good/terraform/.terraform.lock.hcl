# Kept in the repository, so that every machine takes the same provider; terraform init adds its checksums.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.22.1"
  constraints = "6.22.1"
}
