# METADATA
# title: No secret is written out in the code
# description: >-
#   A password in the code is known to everybody who can read the repository, now and in its history, and to everybody who can read
#   the state. It cannot be changed without a change of the code.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: critical
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Change the secret, because it is known now. Then let it come from where secrets are kept:
#     ```hcl
#     resource "aws_db_instance" "main" {
#       manage_master_user_password = true
#     }
#
#     variable "api_token" {
#       type      = string
#       sensitive = true
#       ephemeral = true
#     }
#     ```
#   frameworks: {pci_dss_4: ["8.6.2"]}
#   aliases: [CKV_AWS_41]
package rules.infrastructure.plaintext_secret

deny contains {"msg": msg, "at": at} if {
	some at in input.secrets
	msg := concat("", [input.address, " has a secret written out in ", at])
}
