# METADATA
# title: A rolling update keeps some replica running
# description: >-
#   With maxUnavailable at the number of replicas, an update may stop all of them before a new one is ready.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Let few be missing at a time:
#     ```yaml
#     strategy:
#       rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.rollout_stops_everything

deny contains {"msg": msg, "at": "spec.strategy.rollingUpdate.maxUnavailable"} if {
	input.kind == "Deployment"
	count(input.applied_with.services) > 0
	input.scaling.minimum > 1
	input.rollout.max_unavailable.resolved != null
	input.rollout.max_unavailable.resolved >= input.scaling.minimum
	msg := concat("", ["lets ", input.rollout.max_unavailable.text, " of ", format_int(input.scaling.minimum, 10), " replicas stop at once"])
}
