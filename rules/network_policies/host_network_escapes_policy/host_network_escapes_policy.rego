# METADATA
# title: No network policy is meant for Pods on the host network
# description: >-
#   Pods on the host network have the address of the node, and network policies do not hold for them with nearly
#   every network plugin: what looks protected is not.
# schemas:
#   - input: schema.network_policy
# custom:
#   severity: medium
#   applies_to: [network_policy]
#   owner: security
#   remediation: |
#     Take the Pods off the host network; where they need it, protect the port by a firewall of the node:
#     ```yaml
#     spec:
#       hostNetwork: false
#     ```
#   frameworks: {nsa_cisa: [network-policies], nist_800_190: ["4.3.3"], nist_800_53: ["SC-7(5)"], pci_dss_4: ["1.3.1"]}
#   aliases: []
package rules.network_policies.host_network_escapes_policy

deny contains {"msg": msg, "at": "spec.podSelector"} if {
	not input.selects_all
	some workload in input.selected_on_host_network
	msg := concat("", ["does not hold for ", workload, ", whose Pods use the host network"])
}
