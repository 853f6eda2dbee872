# METADATA
# title: CMD and ENTRYPOINT start the program itself
# description: >-
#   The shell form starts /bin/sh, and that starts the program: signals end at the shell, so that the program is
#   killed after the grace period instead of shutting down, and an ENTRYPOINT ignores CMD and arguments. A shell
#   form that says exec hands over to the program, and is accepted.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Write a JSON array:
#     ```dockerfile
#     ENTRYPOINT ["/usr/local/bin/app"]
#     CMD ["--port", "8080"]
#     ```
#   frameworks: {}
#   aliases: [DL3025, JSONArgsRecommended]
package rules.dockerfile.shell_form

deny contains {"msg": msg, "at": part.at} if {
	some stage in input.stages
	stage.shell == null
	some name in ["entrypoint", "cmd"]
	part := stage[name]
	part.stage == stage.id
	part.form == "shell"
	every command in part.commands { not "exec" in command.before }
	msg := concat("", [stage.called, " starts its ", name, " through a shell"])
}
