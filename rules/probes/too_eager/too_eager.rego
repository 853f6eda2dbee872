# METADATA
# title: Liveness probes forgive a slow moment
# description: >-
#   A liveness probe that gives up at once restarts containers that are only busy; under load one after the other restarts,
#   and the rest gets still more load.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Let it fail several times, over half a minute, before the container is restarted:
#     ```yaml
#     livenessProbe:
#       httpGet: {path: /livez, port: 8080}
#       periodSeconds: 10
#       failureThreshold: 3
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     min_seconds:
#       type: integer
#       default: 10
#       description: how long, in seconds, the probe must fail before the container is restarted (periodSeconds times failureThreshold)
package rules.probes.too_eager

deny contains {"msg": msg, "at": probe.at} if {
	some container in input.containers
	probe := container.probes.liveness
	patience := probe.period_seconds * probe.failure_threshold
	patience < input.params["probes.too_eager"].min_seconds
	msg := concat("", ["container ", container.name, " is restarted when its liveness probe fails for ", format_int(patience, 10), " s"])
}
