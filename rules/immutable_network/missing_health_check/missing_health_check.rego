# METADATA
# title: Target groups say how health is asked for
# description: >-
#   A load balancer sends traffic to what it takes for healthy. Without a check that the application itself answers, a half-
#   started machine gets requests, and a blue/green switch goes through to a version that does not work.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: low
#   applies_to: [terraform]
#   owner: development
#   remediation: |
#     Ask the application itself:
#     ```hcl
#     health_check {
#       path    = "/readyz"
#       matcher = "200"
#     }
#     ```
#   frameworks: {}
#   aliases: [CKV_AWS_261]
package rules.immutable_network.missing_health_check

deny contains {"msg": msg, "at": "health_check"} if {
	input.block == "resource"
	input.type in {"aws_lb_target_group", "aws_alb_target_group"}
	object.get(input.attributes, "protocol", "") in {"HTTP", "HTTPS"}
	not _is_checked
	msg := concat("", [input.address, " does not say how it asks for health"])
}

_is_checked if {
	some check in input.attributes.health_check
	object.get(check, "enabled", true) == true
}
