# METADATA
# title: A network policy isolates every workload for ingress
# description: >-
#   Without a policy that selects them, Pods accept connections from every Pod of the cluster: one that is taken over reaches all.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Select the Pods with a policy of type Ingress and allow what is needed:
#     ```yaml
#     kind: NetworkPolicy
#     spec:
#       podSelector: {matchLabels: {app: web}}
#       policyTypes: [Ingress]
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.3.3"]}
#   aliases: [CKV2_K8S_6, C-0260, non-isolated-pod, pod-networkpolicy, missingNetworkPolicy]
package rules.network_policies.not_isolated_ingress

deny contains {"msg": msg, "at": input.pod.metadata_at} if {
	count(input.containers) > 0
	not input.pod.host_network
	count(input.network_policies.ingress) == 0
	msg := concat("", ["no network policy ", _where[input.inventory], " isolates its Pods for ingress"])
}

_where := {"complete": "of its namespace", "partial": "among the scanned files"}
