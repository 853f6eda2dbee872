# METADATA
# title: The password of a database is not in the state
# description: >-
#   A password that Terraform is given stands in the state in plain text, whether the variable is marked as sensitive or not.
#   Whoever may plan can read it there.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Let the cloud keep it, or hand it over without writing it down:
#     ```hcl
#     # AWS
#     manage_master_user_password = true
#
#     # or, with Terraform 1.11 and later, on every cloud
#     password_wo         = ephemeral.random_password.orders.result
#     password_wo_version = 1
#     ```
#   frameworks: {nist_800_53: ["IA-5"]}
#   aliases: []
package rules.data_separation.database_password_in_state

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.password_in_state
	setting.value == true
	msg := concat("", [input.address, " puts its password into the state"])
}
