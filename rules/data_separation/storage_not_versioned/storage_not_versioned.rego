# METADATA
# title: What is overwritten in a bucket can be brought back
# description: >-
#   One wrong `sync --delete`, or one program with too many rights, and what a bucket held is gone. With versions it is not: the
#   older ones are still there.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Keep versions, and let a lifecycle rule expire old ones:
#     ```hcl
#     resource "aws_s3_bucket_versioning" "data" {
#       bucket = aws_s3_bucket.data.id
#
#       versioning_configuration {
#         status = "Enabled"
#       }
#     }
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: [CKV_AWS_21, CKV_GCP_78, AVD-AWS-0090, AVD-GCP-0078]
package rules.data_separation.storage_not_versioned

deny contains {"msg": msg, "at": versioned.at} if {
	versioned := input.storage.versioned
	versioned.value != true
	not _is_said_elsewhere
	msg := concat("", [input.address, " does not keep older versions"])
}

_is_said_elsewhere if {
	some user in input.used_by
	user in {"aws_s3_bucket_versioning", "module"}
}

_is_said_elsewhere if {
	input.type == "aws_s3_bucket"
	input.source != "configuration"
}
