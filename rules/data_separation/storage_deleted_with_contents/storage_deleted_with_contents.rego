# METADATA
# title: A bucket that is not empty is not deleted
# description: >-
#   The cloud refuses to delete a bucket that holds something, which has saved many. With force_destroy Terraform empties it
#   first, all versions included, when a plan removes or replaces the block.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Leave it out. A bucket that is to go can be emptied by hand:
#     ```hcl
#     force_destroy = false
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: []
package rules.data_separation.storage_deleted_with_contents

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.storage.deleted_with_contents
	setting.value != false
	msg := concat("", [input.address, " is deleted with all that it holds"])
}
