# METADATA
# title: Containers say when they must be restarted
# description: >-
#   A process that hangs looks alive to Kubernetes until a liveness probe asks it; without one a stuck instance stays in service
#   instead of being replaced.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Ask something cheap that does not depend on other services:
#     ```yaml
#     livenessProbe:
#       httpGet: {path: /livez, port: 8080}
#       periodSeconds: 20
#     ```
#   frameworks: {}
#   aliases: [CKV_K8S_8, C-0056, no-liveness-probe, livenessProbeMissing]
package rules.probes.missing_liveness

deny contains {"msg": msg, "at": container.at} if {
	not input.runs_to_completion
	some container in input.containers
	container.kind == "main"
	container.probes.liveness == null
	msg := concat("", ["container ", container.name, " has no liveness probe"])
}
