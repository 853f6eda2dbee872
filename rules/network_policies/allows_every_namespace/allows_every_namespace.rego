# METADATA
# title: A network policy does not allow every Pod of the cluster
# description: >-
#   An empty namespaceSelector is every Pod of every namespace, on every port: whoever takes over any Pod reaches
#   these, as if there were no policy. An empty podSelector alone is the own namespace, and fine.
# schemas:
#   - input: schema.network_policy
# custom:
#   severity: medium
#   applies_to: [network_policy]
#   owner: security
#   remediation: |
#     Name the namespaces, the Pods or the ports:
#     ```yaml
#     ingress:
#       - from:
#           - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gateway}}
#             podSelector: {matchLabels: {app: gateway}}
#         ports: [{port: 8080}]
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.3.3"], nist_800_53: ["SC-7(5)"], pci_dss_4: ["1.3.1"]}
#   aliases: []
package rules.network_policies.allows_every_namespace

deny contains {"msg": msg, "at": at} if {
	some direction, name in {"ingress": "Ingress", "egress": "Egress"}
	name in input.policy_types
	some rule in input[direction]
	rule.any_port
	some at in rule.every_namespace
	msg := concat("", ["allows ", direction, " for every Pod of every namespace on every port"])
}
