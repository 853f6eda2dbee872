# METADATA
# title: The default security group lets nothing through
# description: >-
#   Whatever is started without a group of its own gets the default one. As long as that lets its members talk to each other, and
#   to everybody, a forgotten line in the code is an open door that no code shows.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Adopt it, and leave it empty:
#     ```hcl
#     resource "aws_default_security_group" "main" {
#       vpc_id = aws_vpc.main.id # no ingress, no egress
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-7(5)"]}
#   aliases: [AVD-AWS-0173]
package rules.immutable_network.default_security_group_used

deny contains {"msg": msg, "at": direction} if {
	input.type == "aws_default_security_group"
	input.block == "resource"
	some direction in ["ingress", "egress"]
	object.get(input.attributes, direction, []) != []
	msg := concat("", [input.address, " has ", direction, " rules"])
}
