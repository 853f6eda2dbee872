# METADATA
# title: Changes of image and start script are not ignored
# description: >-
#   With ignore_changes Terraform leaves a machine as it is although its image or start script has changed, in the code or by hand.
#   The code no longer says what runs, and no new version ever arrives.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: high
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Take the attribute out of `ignore_changes`, and let a change replace the machine:
#     ```hcl
#     lifecycle {
#       create_before_destroy = true
#     }
#     ```
#   frameworks: {pci_dss_4: ["11.5.2"]}
#   aliases: []
#   params:
#     attributes:
#       type: array
#       items: {type: string}
#       default: [all, ami, image_id, image, source_image, source_image_reference, user_data, user_data_base64, custom_data, launch_template]
#       description: attributes whose changes must count; all stands for `ignore_changes = all`
package rules.infrastructure.ignores_drift

deny contains {"msg": msg, "at": "lifecycle.ignore_changes"} if {
	some ignored in input.lifecycle.ignore_changes
	ignored in input.params["infrastructure.ignores_drift"].attributes
	msg := concat("", [input.address, " ignores changes of ", ignored])
}
