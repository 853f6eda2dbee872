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
#   frameworks: {}
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

deny contains {"msg": msg, "at": attribute} if {
	input.block == "resource"
	attribute := _switches[input.type]
	object.get(input.attributes, attribute, false) != true
	not _is_replica
	msg := concat("", [input.address, " stores its data without encryption"])
}

_switches := {
	"aws_db_instance": "storage_encrypted",
	"aws_rds_cluster": "storage_encrypted",
	"aws_docdb_cluster": "storage_encrypted",
	"aws_neptune_cluster": "storage_encrypted",
	"aws_redshift_cluster": "encrypted",
}

# A replica is encrypted when what it copies is.
_is_replica if input.attributes.replicate_source_db != null

_is_replica if "replicate_source_db" in input.unknown
