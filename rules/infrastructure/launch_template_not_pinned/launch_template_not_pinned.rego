# METADATA
# title: Machines are started from a launch template of a fixed version
# description: >-
#   With $Latest or $Default a group starts whatever the template says at that moment: the machines of one group differ by the
#   hour in which each was started, and nothing in the code tells which is which.
# schemas:
#   - input: schema.terraform
# custom:
#   severity: medium
#   applies_to: [terraform]
#   owner: operations
#   remediation: |
#     Name the version, so that a new one is a change that the plan shows:
#     ```hcl
#     launch_template {
#       id      = aws_launch_template.app.id
#       version = aws_launch_template.app.latest_version # a number, known when the plan is made
#     }
#     ```
#   frameworks: {nist_800_53: ["CM-2"]}
#   aliases: []
package rules.infrastructure.launch_template_not_pinned

deny contains {"msg": msg, "at": setting.at} if {
	setting := input.machine.moving_template
	setting.value != false
	msg := concat("", [input.address, " starts machines from whichever version of its launch template is there"])
}
