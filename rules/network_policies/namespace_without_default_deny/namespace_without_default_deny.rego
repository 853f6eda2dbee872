# METADATA
# title: A namespace denies by default
# description: >-
#   Without a policy that selects every Pod, whatever is added to the namespace later starts unprotected.
# schemas:
#   - input: schema.namespace
# custom:
#   severity: medium
#   applies_to: [namespace]
#   owner: security
#   remediation: |
#     Add a policy that selects all Pods and allows nothing:
#     ```yaml
#     kind: NetworkPolicy
#     metadata: {name: default-deny, namespace: shop}
#     spec:
#       podSelector: {}
#       policyTypes: [Ingress, Egress]
#     ```
#   frameworks: {cis_kubernetes: ["5.3.2"], nsa_cisa: [network-policies]}
#   aliases: [C-0206, C-0054, C-0049]
package rules.network_policies.namespace_without_default_deny

deny contains {"msg": msg, "at": "metadata.name"} if {
	not input.name in {"default", "kube-system", "kube-public", "kube-node-lease"}
	count(input.default_deny.ingress) == 0
	msg := concat("", ["no network policy ", _where[input.inventory], " selects every Pod of the namespace for ingress"])
}

_where := {"complete": "of the cluster", "partial": "among the scanned files"}
