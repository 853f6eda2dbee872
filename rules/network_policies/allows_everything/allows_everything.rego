# METADATA
# title: A network policy does not allow everything
# description: >-
#   A rule without peers and without ports lets everybody through on every port: the policy looks like protection and is none.
# schemas:
#   - input: schema.network_policy
# custom:
#   severity: medium
#   applies_to: [network_policy]
#   owner: security
#   remediation: |
#     Name the peers and the ports:
#     ```yaml
#     ingress:
#       - from: [{podSelector: {matchLabels: {app: gateway}}}]
#         ports: [{port: 8080}]
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.3.3"]}
#   aliases: []
package rules.network_policies.allows_everything

deny contains {"msg": msg, "at": rule.at} if {
	some direction, name in {"ingress": "Ingress", "egress": "Egress"}
	name in input.policy_types
	some rule in input[direction]
	rule.any_peer
	rule.any_port
	msg := concat("", ["allows ", direction, " for every peer on every port"])
}
