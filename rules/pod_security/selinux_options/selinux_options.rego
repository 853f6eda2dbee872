# METADATA
# title: SELinux types are those of containers, and users and roles are not set
# description: >-
#   Another SELinux type, user or role takes a container out of the confinement that its node has for containers.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Set a level at most, or a type of containers (container_t, container_init_t, container_kvm_t, container_engine_t):
#     ```yaml
#     securityContext:
#       seLinuxOptions: {level: "s0:c123,c456"}
#     ```
#   frameworks: {pss: ["baseline/se-linux"], nsa_cisa: [hardened-container-environments], nist_800_190: ["4.4.3"], nist_800_53: [SC-39]}
#   aliases: [KSV-0025]
package rules.pod_security.selinux_options

deny contains {"msg": msg, "at": setting.at} if {
	some setting in input.pod_security.selinux
	not setting.allowed
	msg := concat("", [setting.of, " sets the SELinux ", setting.value])
}
