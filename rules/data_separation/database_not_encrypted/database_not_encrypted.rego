# METADATA
# title: Databases are encrypted at rest
# description: >-
#   Data outlives the machines, and so do the copies of it: snapshots, replicas, disks that are handed back. Without encryption each
#   of them can be read by whoever gets hold of it, and it cannot be turned on later without moving the data.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Encrypt it. An existing database has to be restored from an encrypted snapshot:
#     ```hcl
#     storage_encrypted = true
#     ```
#   frameworks: {nist_800_53: ["SC-28"]}
#   aliases:
#     - CKV_AWS_16
#     - CKV_AWS_44
#     - CKV_AWS_64
#     - CKV_AWS_74
#     - CKV_AWS_96
#     - AVD-AWS-0021
#     - AVD-AWS-0076
#     - AVD-AWS-0079
#     - AVD-AWS-0080
#     - AVD-AWS-0084
package rules.data_separation.database_not_encrypted

deny contains {"msg": msg, "at": encrypted.at} if {
	encrypted := input.database.encrypted
	encrypted.value != true
	not input.database.is_replica
	msg := concat("", [input.address, " stores its data without encryption"])
}
