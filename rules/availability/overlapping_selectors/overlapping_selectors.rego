# METADATA
# title: No two workloads select each other's Pods
# description: >-
#   Two workloads with selectors for the same Pods mislead what counts by selector: autoscalers, disruption budgets, status
#   and Services.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give each a label of its own:
#     ```yaml
#     selector:
#       matchLabels: {app: web, app.kubernetes.io/component: frontend}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.overlapping_selectors

deny contains {"msg": msg, "at": "spec.selector"} if {
	count(input.selector.overlaps) > 0
	msg := concat("", ["selects the Pods of ", concat(", ", input.selector.overlaps), " too, and they select its own"])
}
