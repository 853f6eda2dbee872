# METADATA
# title: The code says which Terraform it is for
# description: >-
#   The state is written by the newest version that anybody used, and older ones refuse it from then on. A required version keeps
#   one early upgrade from becoming everybody's.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Name it:
#     ```hcl
#     terraform {
#       required_version = "~> 1.13"
#     }
#     ```
#   frameworks: {nist_800_53: ["CM-2"]}
#   aliases: [terraform_required_version]
package rules.infrastructure.missing_required_version

deny contains {"msg": msg, "at": "required_version"} if {
	input.folder.is_root
	object.get(input.attributes, "required_version", null) == null
	msg := "the folder takes any version of Terraform"
}
