# METADATA
# title: ENV uses only what was set before it
# description: >-
#   All values of one ENV are worked out before any of them is set: a variable that the same statement sets is still
#   empty, or has the base image's value, where it is used.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Use two statements:
#     ```dockerfile
#     ENV APP_HOME=/srv/app
#     ENV PATH=$APP_HOME/bin:$PATH
#     ```
#   frameworks: {}
#   aliases: [DL3044]
package rules.dockerfile.env_refers_to_itself

deny contains {"msg": msg, "at": variable.at} if {
	some stage in input.stages
	some variable in stage.env
	count(variable.same_statement) > 0
	names := concat(", ", sort(variable.same_statement))
	msg := concat("", ["variable ", variable.name, " uses what only the same ENV sets: ", names])
}
