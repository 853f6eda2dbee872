# METADATA
# title: Variables that hold secrets are marked as sensitive
# description: >-
#   Terraform prints values in plans, and CI keeps what it prints. A variable that is marked is shown as `(sensitive value)`,
#   wherever its value goes.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: development
#   remediation: |
#     Mark it:
#     ```hcl
#     variable "db_password" {
#       type      = string
#       sensitive = true
#     }
#     ```
#   frameworks: {nist_800_53: ["IA-5"]}
#   aliases: []
package rules.infrastructure.secret_not_sensitive

deny contains {"msg": msg, "at": "sensitive"} if {
	input.names_secret
	not input.sensitive
	msg := concat("", [input.address, " holds a secret and is not marked as sensitive"])
}
