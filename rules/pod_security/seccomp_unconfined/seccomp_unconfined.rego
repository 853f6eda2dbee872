# METADATA
# title: Seccomp is not switched off
# description: >-
#   Seccomp keeps a process from the system calls that most kernel exploits need. A Pod that sets Unconfined opens all of
#   them.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Take the runtime's profile, or one that is loaded on the node:
#     ```yaml
#     securityContext:
#       seccompProfile: {type: RuntimeDefault}
#     ```
#   frameworks: {cis_kubernetes: ["5.6.2"], pss: ["baseline/seccomp", "restricted/seccomp"], nsa_cisa: [hardened-container-environments], nist_800_190: ["4.4.3"], nist_800_53: [SC-39]}
#   aliases: [KSV-0104]
package rules.pod_security.seccomp_unconfined

deny contains {"msg": msg, "at": setting.at} if {
	some setting in input.pod_security.seccomp
	not setting.allowed
	msg := concat("", [setting.of, " sets the seccomp profile ", setting.value])
}
