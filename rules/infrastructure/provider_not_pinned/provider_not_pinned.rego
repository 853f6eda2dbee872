# METADATA
# title: Provider versions are pinned
# description: >-
#   Without a version, the next terraform init may bring a provider in which defaults and resources differ, and the same code then
#   builds something else. A lock file in the repository pins versions and checksums.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Name the version, run `terraform init`, and commit `.terraform.lock.hcl`:
#     ```hcl
#     terraform {
#       required_providers {
#         aws = {
#           source  = "hashicorp/aws"
#           version = "~> 6.0"
#         }
#       }
#     }
#     ```
#   frameworks: {}
#   aliases: [terraform_required_providers]
package rules.infrastructure.provider_not_pinned

deny contains {"msg": msg, "at": provider.at} if {
	some provider in input.providers
	provider.locked == null
	provider.constraint == null
	msg := concat("", ["provider ", provider.name, " has no version constraint and no locked version"])
}

deny contains {"msg": msg, "at": provider.at} if {
	some provider in input.providers
	provider.locked == null
	provider.reusable == false
	provider.bounded == false
	provider.constraint != null
	msg := concat("", ["provider ", provider.name, " may be any later version (", provider.constraint, ")"])
}
