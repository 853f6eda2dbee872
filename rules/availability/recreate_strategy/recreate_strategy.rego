# METADATA
# title: Replicas that serve are replaced one after the other
# description: >-
#   Recreate stops all Pods before it starts new ones: each release is an outage.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Roll instead:
#     ```yaml
#     strategy:
#       type: RollingUpdate
#       rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
#     ```
#   frameworks: {}
#   aliases: [deployment-strategy, no-rolling-update-strategy, C-0305]
package rules.availability.recreate_strategy

deny contains {"msg": msg, "at": "spec.strategy.type"} if {
	input.kind == "Deployment"
	input.rollout.strategy == "Recreate"
	input.scaling.minimum > 1
	count(input.applied_with.services) > 0
	msg := concat("", ["stops all Pods behind ", concat(", ", input.applied_with.services), " before it starts new ones"])
}
