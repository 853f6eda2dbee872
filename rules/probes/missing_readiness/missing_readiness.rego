# METADATA
# title: Containers say when they are ready for traffic
# description: >-
#   Without a readiness probe a Pod receives requests as soon as its process starts and keeps receiving them while it cannot answer;
#   a rolling update then replaces working Pods with ones that are not.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Tell Kubernetes how to ask the container whether it can serve:
#     ```yaml
#     readinessProbe:
#       httpGet: {path: /readyz, port: 8080}
#       periodSeconds: 10
#     ```
#   frameworks: {}
#   aliases: [CKV_K8S_9, C-0018, no-readiness-probe, pod-probes, readinessProbeMissing]
package rules.probes.missing_readiness

deny contains {"msg": msg, "at": container.at} if {
	not input.runs_to_completion
	some container in input.containers
	container.kind == "main"
	container.probes.readiness == null
	msg := concat("", ["container ", container.name, " has no readiness probe"])
}
