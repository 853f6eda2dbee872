# METADATA
# title: Containers say how much CPU they need
# description: >-
#   The scheduler places a Pod by its requests; a container without one counts as nothing, so nodes fill up and every neighbour slows
#   down.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Ask for what the container needs under normal load:
#     ```yaml
#     resources:
#       requests: {cpu: 250m}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [CKV_K8S_10, C-0268, KSV-0015, unset-cpu-requirements, cpuRequestsMissing]
package rules.resource_limits.missing_cpu_request

deny contains {"msg": msg, "at": container.at} if {
	not "cpu" in input.pod.resources.requests
	some container in input.containers
	container.kind in {"main", "sidecar"}
	container.resources.requests.cpu == null
	msg := concat("", ["container ", container.name, " has no CPU request"])
}
