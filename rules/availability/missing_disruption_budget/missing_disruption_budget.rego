# METADATA
# title: A disruption budget keeps replicas from being evicted all at once
# description: >-
#   Without one, the drain of nodes for an upgrade may take every replica at the same time.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Say how many may be missing:
#     ```yaml
#     apiVersion: policy/v1
#     kind: PodDisruptionBudget
#     metadata: {name: web}
#     spec:
#       maxUnavailable: 1
#       selector: {matchLabels: {app: web}}
#     ```
#   frameworks: {nist_800_53: [SC-5]}
#   aliases: [deployment-has-poddisruptionbudget, statefulset-has-poddisruptionbudget, missingPodDisruptionBudget]
package rules.availability.missing_disruption_budget

deny contains {"msg": msg, "at": input.pod.metadata_at} if {
	count(input.containers) > 0
	input.scaling.minimum != null
	input.scaling.minimum > 1
	count(input.owners) == 0
	count(input.disruption_budgets) == 0
	msg := concat("", ["no disruption budget ", _where[input.inventory], " selects its Pods"])
}

_where := {"complete": "of its namespace", "partial": "among the scanned files"}
