# METADATA
# title: Limits stay near requests
# description: >-
#   The scheduler fills nodes by requests. Where containers may use many times what they asked for, a node runs out of memory
#   though it looks half empty, and the kernel kills what it likes.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Ask for what the container needs, and let the limit be a small multiple of it:
#     ```yaml
#     resources:
#       requests: {memory: 512Mi}
#       limits: {memory: 1Gi}
#     ```
#   frameworks: {nsa_cisa: [resource-policies]}
#   aliases: [K8sContainerRatios]
#   params:
#     max_memory_ratio:
#       type: number
#       default: 4
#       description: how many times its request a container's memory limit may be
package rules.resource_limits.limit_far_above_request

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	request := container.resources.requests.memory
	limit := container.resources.limits.memory
	request.value > 0
	limit.value > request.value * input.params["resource_limits.limit_far_above_request"].max_memory_ratio
	at := concat("", [container.at, ".resources.limits.memory"])
	msg := concat("", ["container ", container.name, " may use ", limit.text, " of memory, and asks for ", request.text])
}
