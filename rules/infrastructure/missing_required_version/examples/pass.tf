terraform {
  required_version = "~> 1.13"
}

provider "aws" {
  region = "eu-central-1"
}
