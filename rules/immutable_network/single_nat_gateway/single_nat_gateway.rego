# METADATA
# title: Every zone has a NAT gateway of its own
# description: >-
#   Private subnets of several zones behind one gateway lose the internet together when its zone fails, although their machines
#   are fine. A gateway a zone costs money, and traffic between zones does too.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: info
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Put one into each zone:
#     ```hcl
#     resource "aws_nat_gateway" "main" {
#       count         = length(var.availability_zones)
#       allocation_id = aws_eip.nat[count.index].id
#       subnet_id     = aws_subnet.public[count.index].id
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-36"]}
#   aliases: []
package rules.immutable_network.single_nat_gateway

deny contains {"msg": msg, "at": "subnet_id"} if {
	input.nat.gateways == 1
	input.nat.zones > 1
	object.get(input.attributes, "connectivity_type", "public") == "public"
	msg := concat(" ", [input.address, "is the only way out for private subnets of", format_int(input.nat.zones, 10), "zones"])
}
