# METADATA
# title: The replacement of a machine exists before the machine is destroyed
# description: >-
#   Immutable machines are replaced, not changed. Terraform destroys first and creates then unless it is told otherwise, so
#   every new version is an outage, and a replacement that fails to start leaves nothing to go back to.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Let Terraform create the new one first:
#     ```hcl
#     lifecycle {
#       create_before_destroy = true
#     }
#     ```
#   frameworks: {}
#   aliases: [CKV_AWS_233]
#   params:
#     types:
#       type: array
#       items: {type: string}
#       default: [aws_instance, aws_launch_configuration, aws_launch_template, aws_acm_certificate, google_compute_instance_template]
#       description: resource types that are replaced when a new version comes
package rules.infrastructure.missing_create_before_destroy

deny contains {"msg": msg, "at": "lifecycle.create_before_destroy"} if {
	input.block == "resource"
	input.type in input.params["infrastructure.missing_create_before_destroy"].types
	_destroys_first
	msg := concat("", [input.address, " is destroyed before its replacement exists"])
}

_destroys_first if {
	input.source == "configuration"
	input.lifecycle.create_before_destroy == false
}

_destroys_first if input.actions == ["delete", "create"]
