# METADATA
# title: Logs go to standard output
# description: >-
#   A log in a file of the container is read by no collector, fills the disk of the node, and is gone with the instance: just
#   when somebody wants to know why it failed.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Write to standard output:
#     ```yaml
#     env:
#       - {name: LOG_FILE, value: /dev/stdout}
#     ```
#   frameworks: {nist_800_53: [AU-12]}
#   aliases: []
package rules.observability.log_file

deny contains {"msg": msg, "at": setting.at} if {
	some setting in input.observability.log_files
	msg := concat("", [setting.of, " is told to write its logs to ", setting.value, ", which is gone with the instance"])
}
