# METADATA
# title: A probe's named port is one that the container declares
# description: >-
#   A probe that names a port which its container does not declare fails for ever: the Pod is never ready, or is restarted in a loop.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Declare the port under the name that the probe uses:
#     ```yaml
#     ports:
#       - {name: http, containerPort: 8080}
#     readinessProbe:
#       httpGet: {path: /readyz, port: http}
#     ```
#   frameworks: {}
#   aliases: [readiness-port, liveness-port, startup-port]
package rules.probes.unknown_port

deny contains {"msg": msg, "at": probe.at} if {
	some container in input.containers
	some kind, probe in container.probes
	probe.port.number == null
	msg := concat("", ["container ", container.name, " has a ", kind, " probe on port ", probe.port.text, ", which it does not declare"])
}
