# METADATA
# title: Containers have a memory limit
# description: >-
#   A container without a memory limit can take all of a node's memory; the kernel then kills other people's processes first.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Set the limit to the most that the container may ever need:
#     ```yaml
#     resources:
#       limits: {memory: 256Mi}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [CKV_K8S_13, C-0271, KSV-0018, unset-memory-requirements, memoryLimitsMissing]
package rules.resource_limits.missing_memory_limit

deny contains {"msg": msg, "at": container.at} if {
	not "memory" in input.pod.resources.limits
	some container in input.containers
	container.kind in {"main", "sidecar"}
	container.resources.limits.memory == null
	msg := concat("", ["container ", container.name, " has no memory limit"])
}
