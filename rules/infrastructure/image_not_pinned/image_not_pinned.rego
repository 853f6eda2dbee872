# METADATA
# title: Machines are started from an image that the code names
# description: >-
#   An image that is looked up as the newest is another one tomorrow: the same code then replaces machines that nobody meant to
#   touch, and what was tested is not what is started.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Name the image, and raise it in the code:
#     ```hcl
#     variable "image_id" {
#       type = string # such as ami-0c55b159cbfafe1f0: built, tested and scanned before
#     }
#     ```
#   frameworks: {nist_800_53: ["CM-2"]}
#   aliases: []
package rules.infrastructure.image_not_pinned

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.machine.moving_image
	setting.value != false
	msg := concat("", [input.address, " takes whichever image is the newest"])
}
