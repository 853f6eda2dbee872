# METADATA
# title: Pods set safe sysctls only
# description: >-
#   A sysctl that is not safe changes the kernel for every Pod on the node, or takes from it what others need. Which are safe
#   depends on the Kubernetes version.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove it, or set it on nodes that are kept for this workload. Safe are, among others:
#     ```yaml
#     securityContext:
#       sysctls:
#         - {name: net.ipv4.ip_unprivileged_port_start, value: "0"}
#     ```
#   frameworks: {pss: ["baseline/sysctls"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3", "4.5.5"], nist_800_53: [CM-6, SC-39]}
#   aliases: [KSV-0026, unsafe-sysctls]
package rules.pod_security.unsafe_sysctl

deny contains {"msg": msg, "at": setting.at} if {
	some setting in input.pod_security.sysctls
	not setting.allowed
	msg := concat("", [setting.of, " sets the sysctl ", setting.value])
}
