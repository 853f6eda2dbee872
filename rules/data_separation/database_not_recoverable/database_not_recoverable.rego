# METADATA
# title: Tables can be brought back to any point in time
# description: >-
#   A faulty release writes wrong data for an hour before anybody sees it. Point-in-time recovery brings the table back to the
#   second before; without it there is what somebody happened to export.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Turn it on:
#     ```hcl
#     point_in_time_recovery {
#       enabled = true
#     }
#     ```
#   frameworks: {nist_800_53: ["CP-9", "CP-10"]}
#   aliases: [CKV_AWS_28, AVD-AWS-0024]
package rules.data_separation.database_not_recoverable

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.recoverable
	setting.value != true
	msg := concat("", [input.address, " cannot be brought back to an earlier point in time"])
}
