# METADATA
# title: Pods do not share their node's IPC namespace
# description: >-
#   A Pod in the IPC namespace of its node reads and writes the shared memory of everything that runs there.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove `hostIPC`, or set it to false:
#     ```yaml
#     spec:
#       hostIPC: false
#     ```
#   frameworks: {cis_kubernetes: ["5.2.4"], pss: ["baseline/host-namespaces"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, SC-39], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_18, KSV-0008, C-0276, host-ipc, hostIPCSet]
package rules.pod_security.host_ipc

deny contains {"msg": "the Pod shares the IPC namespace of its node", "at": at} if {
	input.pod.host_ipc
	at := concat("", [input.pod.at, ".hostIPC"])
}
