# METADATA
# title: Groups and load balancers stand in more than one zone
# description: >-
#   Zones fail, one at a time. A group that stands in one is away with it; one in three loses a third of its machines and starts
#   them anew elsewhere.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: sre
#   remediation: |
#     Give it subnets of several zones:
#     ```hcl
#     vpc_zone_identifier = aws_subnet.private[*].id
#     ```
#   frameworks: {nist_800_53: ["SC-36", "CP-10"]}
#   aliases: []
package rules.immutable_network.single_zone

deny contains {"msg": msg, "at": zones.at} if {
	zones := input.machine.zones
	zones.value == 1
	msg := concat("", [input.address, " stands in a single zone"])
}
