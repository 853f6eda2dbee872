# METADATA
# title: The shell is chosen by SHELL, not by overwriting /bin/sh
# description: >-
#   Scripts of the distribution are written for the /bin/sh that it ships: with another one in its place they fail,
#   or do something else, at the next install or update.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile]
#   owner: development
#   remediation: |
#     Choose the shell for RUN:
#     ```dockerfile
#     SHELL ["/bin/bash", "-o", "pipefail", "-c"]
#     ```
#   frameworks: {}
#   aliases: [DL4005]
package rules.dockerfile.shell_replaced

deny contains {"msg": msg, "at": run.at} if {
	some stage in input.stages
	some run in stage.runs
	some command in run.commands
	command.words[0] == "ln"
	command.words[count(command.words) - 1] == "/bin/sh"
	msg := concat("", ["stage ", stage.id, " puts another shell in the place of /bin/sh"])
}
