# METADATA
# title: A limit is not below its request
# description: >-
#   The API server refuses a container that asks for more than it may use, so the rollout stops in the middle.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Raise the limit to at least the request:
#     ```yaml
#     resources:
#       requests: {memory: 256Mi}
#       limits: {memory: 512Mi}
#     ```
#   frameworks: {}
#   aliases: []
package rules.resource_limits.limit_below_request

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	some name, limit in container.resources.limits
	request := container.resources.requests[name]
	limit.value != null # null sorts below every number
	limit.value < request.value
	at := concat("", [container.at, ".resources.limits.", name])
	msg := concat("", ["container ", container.name, " has a ", name, " limit of ", limit.text, " below its request of ", request.text])
}
