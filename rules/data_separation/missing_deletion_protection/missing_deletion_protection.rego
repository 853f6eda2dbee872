# METADATA
# title: Databases cannot be deleted by accident
# description: >-
#   Machines may be replaced at any time only because their data is kept elsewhere. A database without protection goes with the next
#   plan that replaces or removes its block, and takes the data with it.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Protect it, in the cloud or in Terraform:
#     ```hcl
#     deletion_protection = true
#
#     lifecycle {
#       prevent_destroy = true
#     }
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: [CKV_AWS_139, CKV_AWS_293, AVD-AWS-0177, AVD-AWS-0343]
package rules.data_separation.missing_deletion_protection

deny contains {"msg": msg, "at": protected.at} if {
	protected := input.database.deletion_protected
	protected.value != true
	not input.lifecycle.prevent_destroy
	not input.database.is_replica
	msg := concat("", [input.address, " and its data may be deleted by any plan"])
}
