# METADATA
# title: A plan replaces machines and does not change them
# description: >-
#   A machine that is changed in place is no longer what was tested: it carries its history, and another one made from the same code
#   is not equal to it. A plan shows such a change before it happens.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Let the change make a new machine, for example by a new image, or by:
#     ```hcl
#     lifecycle {
#       create_before_destroy = true
#       replace_triggered_by  = [terraform_data.version]
#     }
#     ```
#   frameworks: {pci_dss_4: ["6.5.1"]}
#   aliases: []
#   params:
#     types:
#       type: array
#       items: {type: string}
#       default: [aws_instance, google_compute_instance, azurerm_linux_virtual_machine, azurerm_windows_virtual_machine]
#       description: resource types that are to be replaced
#     harmless:
#       type: array
#       items: {type: string}
#       default: [tags, tags_all, volume_tags, labels, user_data_replace_on_change, disable_api_termination, monitoring]
#       description: attributes that may change while the machine runs
package rules.infrastructure.updated_in_place

deny contains {"msg": msg, "at": attribute} if {
	params := input.params["infrastructure.updated_in_place"]
	input.type in params.types
	input.actions == ["update"]
	some attribute in input.changed
	not attribute in params.harmless
	msg := concat("", ["the plan changes ", attribute, " of ", input.address, " in place"])
}
