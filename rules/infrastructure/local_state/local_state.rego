# METADATA
# title: The state lies where everybody who works with it finds it
# description: >-
#   A state on one machine is lost with that machine, cannot be locked for others, and is soon copied into the repository, secrets
#   included.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Keep it in a bucket with versions, or in a service:
#     ```hcl
#     terraform {
#       backend "s3" {
#         bucket       = "example-terraform-state"
#         key          = "shop/terraform.tfstate"
#         region       = "eu-central-1"
#         encrypt      = true
#         use_lockfile = true
#       }
#     }
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: []
package rules.infrastructure.local_state

deny contains {"msg": msg, "at": backend.at} if {
	backend := input.folder.backend
	backend.kind == "local"
	msg := "the state lies on the machine that Terraform is run on"
}
