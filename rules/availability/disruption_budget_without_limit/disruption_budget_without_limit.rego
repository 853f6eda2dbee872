# METADATA
# title: A disruption budget states one limit
# description: >-
#   Without minAvailable or maxUnavailable a budget says nothing, and with both Kubernetes refuses it.
# schemas:
#   - input: schema.disruption_budget
# custom:
#   severity: medium
#   applies_to: [disruption_budget]
#   owner: sre
#   remediation: |
#     State one of them:
#     ```yaml
#     spec:
#       maxUnavailable: 1
#     ```
#   frameworks: {}
#   aliases: [poddisruptionbudget-has-policy]
package rules.availability.disruption_budget_without_limit

deny contains {"msg": "states neither minAvailable nor maxUnavailable", "at": "spec"} if {
	input.min_available == null
	input.max_unavailable == null
}

deny contains {"msg": "states both minAvailable and maxUnavailable, which Kubernetes refuses", "at": "spec.maxUnavailable"} if {
	input.min_available != null
	input.max_unavailable != null
}
