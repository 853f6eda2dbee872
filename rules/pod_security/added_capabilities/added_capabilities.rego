# METADATA
# title: Containers add no capability beyond what runtimes give
# description: >-
#   Every capability beyond the default set of container runtimes, and NET_RAW even within it, gives a process something to
#   attack the node or its neighbours with. Those that amount to the node are the matter of
#   pod_security.dangerous_capabilities.
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
#   aliases: [CKV_K8S_25, KSV-0022]
package rules.pod_security.added_capabilities

deny contains {"msg": msg, "at": capability.at} if {
	some capability in input.pod_security.capabilities
	capability.gives == "more"
	msg := concat("", [capability.of, " adds ", capability.name])
}
