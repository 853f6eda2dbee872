# METADATA
# title: Machines are configured by their image, not after they have started
# description: >-
#   A remote-exec or file provisioner logs in to a machine that is already there and changes it. What it does is in no image, runs
#   once, is not repeated when the script changes, and leaves a half-made machine behind when it fails.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Do it when the image is built, for example with Packer, and name the image:
#     ```hcl
#     resource "aws_instance" "app" {
#       ami = var.image_id # built, tested and scanned before
#     }
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     kinds:
#       type: array
#       items: {type: string}
#       default: [remote-exec, file, chef, puppet, salt-masterless, habitat]
#       description: provisioners that change a machine
package rules.infrastructure.provisioner_changes_in_place

deny contains {"msg": msg, "at": provisioner.at} if {
	some provisioner in input.provisioners
	provisioner.when == "create"
	provisioner.kind in input.params["infrastructure.provisioner_changes_in_place"].kinds
	msg := concat("", [input.address, " is changed by the provisioner ", provisioner.kind, " after it has started"])
}
