# METADATA
# title: Pods do not share their node's network namespace
# description: >-
#   A Pod in the network namespace of its node listens on its addresses, reaches services that are bound to localhost, and is
#   bound by no NetworkPolicy.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove `hostNetwork`, or set it to false:
#     ```yaml
#     spec:
#       hostNetwork: false
#     ```
#     A node agent that truly needs it is worth a waiver with a reason.
#   frameworks: {cis_kubernetes: ["5.2.5"], pss: ["baseline/host-namespaces"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.2", "4.4.3"], nist_800_53: [AC-6, SC-39], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_19, KSV-0009, C-0041, host-network, hostNetworkSet]
package rules.pod_security.host_network

deny contains {"msg": "the Pod shares the network namespace of its node", "at": at} if {
	input.pod.host_network
	at := concat("", [input.pod.at, ".hostNetwork"])
}
