# METADATA
# title: The state is stored encrypted
# description: >-
#   The state holds every attribute of every resource in plain text, passwords and keys among them. `encrypt` makes sure of its
#   encryption in the bucket, whatever the bucket itself does.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Ask for it:
#     ```hcl
#     backend "s3" {
#       encrypt = true
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-28"]}
#   aliases: []
package rules.infrastructure.state_not_encrypted

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.folder.backend.encrypted
	setting.value != true
	msg := "the state is stored without encryption being asked for"
}
