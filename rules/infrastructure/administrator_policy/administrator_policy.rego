# METADATA
# title: No policy allows everything
# description: >-
#   Whoever gets hold of one machine gets hold of its role. A role that may do everything is the whole account: every database,
#   every backup, every other role.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Name what is needed:
#     ```hcl
#     statement {
#       actions   = ["s3:GetObject"]
#       resources = ["${aws_s3_bucket.releases.arn}/*"]
#     }
#     ```
#   frameworks: {nist_800_53: ["AC-6"], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV_AWS_1, CKV_AWS_62, CKV_AWS_274]
package rules.infrastructure.administrator_policy

deny contains {"msg": msg, "at": at} if {
	some at in input.administrators
	msg := concat("", [input.address, " allows every action on every resource"])
}
