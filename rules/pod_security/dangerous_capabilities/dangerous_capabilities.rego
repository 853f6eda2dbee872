# METADATA
# title: Containers add no capability that amounts to the node
# description: >-
#   SYS_ADMIN, NET_ADMIN, SYS_PTRACE, SYS_MODULE, SYS_RAWIO, DAC_READ_SEARCH, BPF and ALL are ways out of the container: with
#   one of them a break-in is a break-in on the node.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Drop everything, and add only what the application cannot do without:
#     ```yaml
#     securityContext:
#       capabilities:
#         drop: [ALL]
#     ```
#   frameworks: {cis_kubernetes: ["5.2.9"], pss: ["baseline/capabilities", "restricted/capabilities"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, CM-7], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_39, KSV-0005, KSV-0120, C-0046, dangerousCapabilities]
package rules.pod_security.dangerous_capabilities

deny contains {"msg": msg, "at": capability.at} if {
	some capability in input.pod_security.capabilities
	capability.gives == "node"
	msg := concat("", [capability.of, " adds ", capability.name, ", which is power over the node"])
}
