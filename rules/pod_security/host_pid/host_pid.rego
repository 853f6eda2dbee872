# METADATA
# title: Pods do not share their node's process namespace
# description: >-
#   A Pod in the process namespace of its node sees every process of it, reads what they were given as environment, and can
#   end them.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove `hostPID`, or set it to false:
#     ```yaml
#     spec:
#       hostPID: false
#     ```
#     A node agent that truly needs it is worth a waiver with a reason.
#   frameworks: {cis_kubernetes: ["5.2.3"], pss: ["baseline/host-namespaces"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, SC-39], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_17, KSV-0010, C-0275, host-pid, hostPIDSet]
package rules.pod_security.host_pid

deny contains {"msg": "the Pod shares the process namespace of its node", "at": at} if {
	input.pod.host_pid
	at := concat("", [input.pod.at, ".hostPID"])
}
