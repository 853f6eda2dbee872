# METADATA
# title: A network policy isolates every workload for egress
# description: >-
#   Without an egress policy a Pod that is taken over can talk to every other Pod, to cloud metadata services and to the internet.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Select the Pods with a policy of type Egress and allow what is needed:
#     ```yaml
#     kind: NetworkPolicy
#     spec:
#       podSelector: {matchLabels: {app: web}}
#       policyTypes: [Egress]
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.4.2"]}
#   aliases: [C-0030]
package rules.network_policies.not_isolated_egress

deny contains {"msg": msg, "at": input.pod.metadata_at} if {
	count(input.containers) > 0
	not input.pod.host_network
	count(input.network_policies.egress) == 0
	msg := concat("", ["no network policy ", _where[input.inventory], " isolates its Pods for egress"])
}

_where := {"complete": "of its namespace", "partial": "among the scanned files"}
