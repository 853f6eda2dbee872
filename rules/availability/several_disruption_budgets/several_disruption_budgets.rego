# METADATA
# title: One disruption budget at most selects a Pod
# description: >-
#   The eviction of a Pod that two budgets select fails with an error, so that its node cannot be drained.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Remove all but one, or narrow their selectors so that no Pod is in two.
#   frameworks: {}
#   aliases: []
package rules.availability.several_disruption_budgets

deny contains {"msg": msg, "at": input.pod.metadata_at} if {
	count(input.applied_with.disruption_budgets) > 1
	msg := concat("", ["several disruption budgets select its Pods, which can then not be evicted: ", concat(", ", input.applied_with.disruption_budgets)])
}
