# METADATA
# title: Liveness and readiness ask different questions
# description: >-
#   When both probes ask the same, a dependency that is down makes Kubernetes restart Pods that only should have been taken out of
#   service, and an outage turns into a restart storm.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Let readiness cover what the container needs to serve, and liveness only the process itself:
#     ```yaml
#     readinessProbe:
#       httpGet: {path: /readyz, port: 8080}
#     livenessProbe:
#       httpGet: {path: /livez, port: 8080}
#     ```
#   frameworks: {}
#   aliases: [pod-probes-identical]
package rules.probes.identical_probes

deny contains {"msg": msg, "at": container.probes.liveness.at} if {
	some container in input.containers
	_question(container.probes.liveness) == _question(container.probes.readiness)
	msg := concat("", ["container ", container.name, " has a liveness probe that asks the same as its readiness probe"])
}

_question(probe) := [probe.handler, probe.path, probe.port, probe.command]
