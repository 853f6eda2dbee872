# METADATA
# title: A container sets each variable once
# description: >-
#   The last one wins, whatever the first one says, and a server-side apply refuses the object. Usually two places
#   wanted to set it, and one of them is wrong without knowing.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Keep the one that is meant:
#     ```yaml
#     env:
#       - name: LOG_LEVEL
#         value: info
#     ```
#   frameworks: {}
#   aliases: [duplicate-env-var, environment-variable-key-duplication]
package rules.configuration.duplicate_variable

deny contains {"msg": msg, "at": variable.at} if {
	some variable in input.duplicate_variables
	msg := concat("", ["variable ", variable.name, " of container ", variable.container, " is set more than once"])
}
