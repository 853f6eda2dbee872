# METADATA
# title: A range of ports leaves something out
# description: >-
#   A range from 1 to 65535 is every port, written as if somebody had chosen: readers of the policy take it for a
#   restriction.
# schemas:
#   - input: schema.network_policy
# custom:
#   severity: low
#   applies_to: [network_policy]
#   owner: security
#   remediation: |
#     Name the ports:
#     ```yaml
#     ports: [{port: 8080}]
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.3.3"], nist_800_53: ["SC-7(5)"], pci_dss_4: ["1.3.1"]}
#   aliases: []
package rules.network_policies.every_port_range

deny contains {"msg": msg, "at": at} if {
	some direction, name in {"ingress": "Ingress", "egress": "Egress"}
	name in input.policy_types
	some rule in input[direction]
	some at in rule.every_port
	msg := concat("", ["allows ", direction, " on every port by a range"])
}
