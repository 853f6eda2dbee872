# METADATA
# title: A database that is deleted leaves a snapshot behind
# description: >-
#   A wrong workspace, a renamed block or a changed name is enough for Terraform to replace a database. Without a final snapshot
#   its data ends with it, and the automatic backups go too.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Let it leave one:
#     ```hcl
#     skip_final_snapshot       = false
#     final_snapshot_identifier = "orders-final"
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: []
package rules.data_separation.database_final_snapshot_skipped

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.database.skips_final_snapshot
	setting.value != false
	not input.database.is_replica
	msg := concat("", [input.address, " leaves no snapshot behind when it is deleted"])
}
