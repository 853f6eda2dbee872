# METADATA
# title: Buckets are not open to everybody
# description: >-
#   Public buckets are searched for by machines, day and night, and what was in one cannot be called back. Web content is better
#   served by a distribution in front of a private bucket.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Take the public right away, and shut the door for good:
#     ```hcl
#     resource "aws_s3_bucket_public_access_block" "documents" {
#       bucket                  = aws_s3_bucket.documents.id
#       block_public_acls       = true
#       block_public_policy     = true
#       ignore_public_acls      = true
#       restrict_public_buckets = true
#     }
#     ```
#   frameworks: {nist_800_53: ["AC-3"]}
#   aliases: [CKV_AWS_20, CKV_AWS_57, CKV_GCP_28, CKV_AZURE_34, AVD-AWS-0092, AVD-GCP-0001, AVD-AZU-0007]
package rules.data_separation.storage_public

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.storage.public
	setting.value != false
	msg := concat("", [input.address, " can be read by everybody"])
}
