# METADATA
# title: Disks, file systems and caches are encrypted at rest
# description: >-
#   Disks outlive machines, and their snapshots outlive them. Without encryption each of them can be read by whoever gets hold of
#   it, and it cannot be turned on later without moving the data.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Encrypt it where it is written:
#     ```hcl
#     root_block_device {
#       encrypted = true
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-28"]}
#   aliases:
#     - CKV_AWS_3
#     - CKV_AWS_8
#     - CKV_AWS_29
#     - CKV_AWS_42
#     - AVD-AWS-0008
#     - AVD-AWS-0026
#     - AVD-AWS-0037
#     - AVD-AWS-0045
#     - AVD-AWS-0131
package rules.data_separation.storage_not_encrypted

deny contains {"msg": msg, "at": volume.at} if {
	some volume in input.storage.volumes
	volume.value != true
	msg := concat("", [input.address, " stores data without encryption at ", volume.at])
}
