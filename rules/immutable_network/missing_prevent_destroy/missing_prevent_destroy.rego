# METADATA
# title: The network and the bucket of the state cannot be destroyed by accident
# description: >-
#   Machines come and go; the network stays, and so does the bucket that holds Terraform's state: everything stands on them. A renamed block or a wrong workspace is enough for Terraform to
#   plan its end, and prevent_destroy stops that plan.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Protect it:
#     ```hcl
#     lifecycle {
#       prevent_destroy = true
#     }
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
#   params:
#     types:
#       type: array
#       items: {type: string}
#       default: [aws_vpc, aws_ec2_transit_gateway, aws_route53_zone, aws_vpn_connection, google_compute_network, azurerm_virtual_network]
#       description: resource types that everything else stands on
package rules.immutable_network.missing_prevent_destroy

deny contains {"msg": msg, "at": "lifecycle.prevent_destroy"} if {
	input.block == "resource"
	_is_stood_upon
	input.lifecycle.prevent_destroy == false
	msg := concat("", [input.address, " may be destroyed by any plan"])
}

_is_stood_upon if input.type in input.params["immutable_network.missing_prevent_destroy"].types

_is_stood_upon if input.storage.holds_terraform_state
