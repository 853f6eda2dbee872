# METADATA
# title: Blue or green gets the traffic, not both and not none
# description: >-
#   A listener that gives the full weight to two groups sends half of the users to each version for as long as it stays that way;
#   one that gives weight to none answers everybody with an error.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Give the weight to one, by one variable:
#     ```hcl
#     forward {
#       target_group {
#         arn    = aws_lb_target_group.blue.arn
#         weight = var.active == "blue" ? 100 : 0
#       }
#
#       target_group {
#         arn    = aws_lb_target_group.green.arn
#         weight = var.active == "green" ? 100 : 0
#       }
#     }
#     ```
#   frameworks: {nist_800_53: ["CM-3"]}
#   aliases: []
package rules.immutable_network.undecided_forwarding

deny contains {"msg": msg, "at": at} if {
	input.block == "resource"
	some at in ["default_action", "action"]
	weights := [object.get(group, "weight", 1) | some group in input.attributes[at][_].forward[_].target_group]
	count(weights) > 1
	what := _undecided(weights)
	msg := concat("", [input.address, " forwards to ", what])
}

_undecided(weights) := "no target group" if {
	every weight in weights { weight == 0 }
}

_undecided(weights) := "several target groups with full weight" if {
	count([weight | some weight in weights; weight >= 100]) > 1
}
