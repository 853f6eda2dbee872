# METADATA
# title: Slow starters have a startup probe
# description: >-
#   A long initial delay delays every restart by its whole length, and kills the container when one start takes longer;
#   a startup probe waits only as long as the start takes.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Let a startup probe wait, and drop the delay:
#     ```yaml
#     startupProbe:
#       httpGet: {path: /livez, port: 8080}
#       periodSeconds: 2
#       failureThreshold: 60
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     initial_delay_seconds:
#       type: integer
#       default: 30
#       description: the delay, in seconds, from which on a startup probe is asked for
package rules.probes.missing_startup

deny contains {"msg": msg, "at": container.probes.liveness.at} if {
	some container in input.containers
	container.probes.startup == null
	delay := container.probes.liveness.initial_delay_seconds
	delay >= input.params["probes.missing_startup"].initial_delay_seconds
	msg := concat("", ["container ", container.name, " waits ", format_int(delay, 10), " s before its liveness probe, and has no startup probe"])
}
