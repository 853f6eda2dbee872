# METADATA
# title: Nothing runs in the default network
# description: >-
#   The default network comes with the account: public subnets everywhere, rules that nobody wrote, addresses that clash with
#   every other account. The code does not say what it looks like, so nobody can tell when it changed.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: security
#   remediation: |
#     Build a network of your own:
#     ```hcl
#     resource "aws_vpc" "main" {
#       cidr_block = "10.0.0.0/16"
#     }
#
#     resource "aws_subnet" "private" {
#       vpc_id     = aws_vpc.main.id
#       cidr_block = "10.0.1.0/24"
#     }
#     ```
#   frameworks: {nist_800_53: ["SC-7"]}
#   aliases: [CKV_AWS_148, AVD-AWS-0101]
package rules.immutable_network.default_network_used

deny contains {"msg": msg, "at": "vpc_id"} if {
	input.block == "resource"
	input.type in {"aws_default_vpc", "aws_default_subnet"}
	msg := concat("", [input.address, " belongs to the default network"])
}

deny contains {"msg": msg, "at": "network_interface.network"} if {
	input.block == "resource"
	startswith(input.type, "google_compute_instance")
	some interface in input.attributes.network_interface
	interface.network == "default"
	msg := concat("", [input.address, " stands in the default network"])
}
