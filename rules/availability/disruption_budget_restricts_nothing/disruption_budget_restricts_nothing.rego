# METADATA
# title: A disruption budget keeps some Pod
# description: >-
#   A budget that lets every Pod go reads like protection, and is none.
# schemas:
#   - input: schema.disruption_budget
# custom:
#   severity: low
#   applies_to: [disruption_budget]
#   owner: sre
#   remediation: |
#     Keep some of them:
#     ```yaml
#     spec:
#       maxUnavailable: 1
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.disruption_budget_restricts_nothing

deny contains {"msg": "asks for no available Pod, and so protects none", "at": "spec.minAvailable"} if {
	input.min_available != null
	0 in {input.min_available.number, input.min_available.percent}
}

deny contains {"msg": "lets all Pods be unavailable, and so protects none", "at": "spec.maxUnavailable"} if {
	input.max_unavailable.percent != null
	input.max_unavailable.percent >= 100
}
