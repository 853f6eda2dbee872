# METADATA
# title: A disruption budget lets some Pod be evicted
# description: >-
#   A budget that spares no Pod stops every drain of a node, so that upgrades of the cluster hang or have to be forced.
# schemas:
#   - input: schema.disruption_budget
# custom:
#   severity: medium
#   applies_to: [disruption_budget]
#   owner: sre
#   remediation: |
#     Allow one at least, and run more replicas than must stay:
#     ```yaml
#     spec:
#       maxUnavailable: 1
#     ```
#   frameworks: {nist_800_53: [SI-2]}
#   aliases: [pdb-max-unavailable, pdb-min-available, pdbDisruptionsIsZero, pdbMinAvailableGreaterThanHPAMinReplicas]
package rules.availability.disruption_budget_blocks_evictions

deny contains {"msg": "allows no Pod to be unavailable, so that none can be evicted", "at": "spec.maxUnavailable"} if {
	input.max_unavailable != null
	0 in {input.max_unavailable.number, input.max_unavailable.percent}
}

deny contains {"msg": "wants all Pods available, so that none can be evicted", "at": "spec.minAvailable"} if _wants_all

deny contains {"msg": msg, "at": "spec.minAvailable"} if {
	not _wants_all
	input.min_available != null
	input.allowed_disruptions == 0
	input.pods > 0
	pods := concat("", [format_int(input.pods, 10), " Pods of ", concat(", ", input.selected)])
	msg := concat("", ["keeps ", input.min_available.text, " of the ", pods, ", so that none can be evicted"])
}

_wants_all if {
	input.min_available.percent != null
	input.min_available.percent >= 100
}
