# METADATA
# title: Windows Pods do not run as processes of their node
# description: >-
#   A HostProcess container is a process of the Windows node, with the rights of its system accounts.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Run as an ordinary Windows container:
#     ```yaml
#     securityContext:
#       windowsOptions: {hostProcess: false, runAsUserName: ContainerUser}
#     ```
#   frameworks: {cis_kubernetes: ["5.2.10"], pss: ["baseline/host-process"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3", "4.5.5"], nist_800_53: [AC-6, SC-39]}
#   aliases: [KSV-0103, hostProcess]
package rules.pod_security.windows_host_process

deny contains {"msg": msg, "at": at} if {
	some context in input.pod_security.contexts
	context.host_process
	at := concat("", [context.at, ".windowsOptions.hostProcess"])
	msg := concat("", [context.of, " runs as a process of its Windows node"])
}
