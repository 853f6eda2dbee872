# METADATA
# title: Containers say how much memory they need
# description: >-
#   The scheduler places a Pod by its requests, and evicts first what uses more than it asked for; a container without a memory
#   request is the first to go.
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
#       requests: {memory: 256Mi}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [CKV_K8S_12, C-0269, KSV-0016, memoryRequestsMissing]
package rules.resource_limits.missing_memory_request

deny contains {"msg": msg, "at": container.at} if {
	not "memory" in input.pod.resources.requests
	some container in input.containers
	container.kind in {"main", "sidecar"}
	container.resources.requests.memory == null
	msg := concat("", ["container ", container.name, " has no memory request"])
}
