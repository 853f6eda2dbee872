# METADATA
# title: A spread constraint counts the Pods that it is written for
# description: >-
#   A constraint whose selector does not match its own Pods never sees them, and spreads nothing; most often a label was
#   renamed.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Give the selector the labels of the Pods themselves:
#     ```yaml
#     labelSelector: {matchLabels: {app: web}}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.spread_counts_other_pods

deny contains {"msg": msg, "at": constraint.at} if {
	some constraint in input.scheduling.spread_constraints
	not constraint.selects_itself
	msg := concat("", ["the spread over ", _key(constraint.topology_key), " ", _why[constraint.has_selector]])
}

_key(key) := key if key != null

_key(key) := "no topology key" if key == null

_why := {true: "selects other Pods than its own", false: "has no label selector, and so counts no Pods"}
