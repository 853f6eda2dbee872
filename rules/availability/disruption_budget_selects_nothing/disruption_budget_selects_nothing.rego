# METADATA
# title: A disruption budget selects some workload
# description: >-
#   A budget whose selector matches no Pod protects nothing; most often a label was renamed on one side only.
# schemas:
#   - input: schema.disruption_budget
# custom:
#   severity: medium
#   applies_to: [disruption_budget]
#   owner: sre
#   remediation: |
#     Give the selector the labels of the Pods:
#     ```yaml
#     selector: {matchLabels: {app: web}}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.disruption_budget_selects_nothing

deny contains {"msg": msg, "at": "spec.selector"} if {
	not input.selects_all
	input.workloads_in_namespace > 0
	count(input.selected) == 0
	not _others_may_make_pods
	msg := concat("", ["selects none of the workloads ", _where[input.inventory]])
}

_others_may_make_pods if {
	input.inventory == "partial"
	input.custom_resources_in_namespace > 0
}

_where := {"complete": "of its namespace", "partial": "of its namespace among the scanned files"}
