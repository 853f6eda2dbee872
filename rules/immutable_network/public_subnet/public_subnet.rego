# METADATA
# title: Subnets give no public addresses away
# description: >-
#   With map_public_ip_on_launch every machine that is ever started in the subnet can be reached from the internet, whether it was
#   meant to or not. Load balancers and NAT gateways bring their own addresses.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Leave it out, and put a load balancer in front of what has to be reached:
#     ```hcl
#     map_public_ip_on_launch = false
#     ```
#   frameworks: {pci_dss_4: ["1.3.1"]}
#   aliases: [CKV_AWS_130, AVD-AWS-0164]
package rules.immutable_network.public_subnet

deny contains {"msg": msg, "at": "map_public_ip_on_launch"} if {
	input.block == "resource"
	input.type == "aws_subnet"
	object.get(input.attributes, "map_public_ip_on_launch", false) != false
	msg := concat("", [input.address, " gives a public address to every machine in it"])
}
