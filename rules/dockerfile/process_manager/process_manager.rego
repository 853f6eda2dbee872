# METADATA
# title: A container runs one service
# description: >-
#   Behind supervisord or an init system several services share one container: the orchestrator sees only the
#   manager, so that a service that hangs or crashes keeps its traffic, logs are mixed, and none can be scaled or
#   replaced alone.
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   applies_to: [dockerfile, image]
#   owner: development
#   remediation: |
#     Make an image of each service, and let the orchestrator start them:
#     ```dockerfile
#     ENTRYPOINT ["/usr/local/bin/app"]
#     ```
#   frameworks: {nist_800_190: ["4.1.2"]}
#   aliases: []
#   params:
#     programs:
#       type: array
#       items: {type: string}
#       default: [supervisord, s6-svscan, runsvdir, runsvdir-start, monit, circusd, /sbin/init, lib/systemd/systemd]
#       description: programs that start and watch several services
package rules.dockerfile.process_manager

deny contains {"msg": msg, "at": part.at} if {
	some stage in input.stages
	stage.shipped
	some part in [stage.entrypoint, stage.cmd]
	part.stage == stage.id
	some command in part.commands
	some word in command.words
	not startswith(word, "/etc/")
	_is_manager(word)
	msg := concat("", [stage.called, " starts a manager of several services: ", word])
}

_is_manager(word) if {
	some program in input.params["dockerfile.process_manager"].programs
	endswith(concat("", ["/", word]), concat("", ["/", trim_prefix(program, "/")]))
}
