# METADATA
# title: A network policy selects some workload
# description: >-
#   A policy whose selector matches no Pod protects nothing; most often a label was renamed on one side only.
# schemas:
#   - input: schema.network_policy
# custom:
#   severity: medium
#   applies_to: [network_policy]
#   owner: security
#   remediation: |
#     Give the selector the labels of the Pods that it is meant for:
#     ```yaml
#     podSelector: {matchLabels: {app: web}}
#     ```
#   frameworks: {nsa_cisa: [network-policies]}
#   aliases: [dangling-networkpolicy, networkpolicy-targets-pod, C-0299]
package rules.network_policies.selects_nothing

deny contains {"msg": msg, "at": "spec.podSelector"} if {
	not input.selects_all
	input.selects_something == false
	msg := concat("", ["selects none of the workloads ", _where[input.inventory]])
}

_where := {"complete": "of its namespace", "partial": "of its namespace among the scanned files"}
