# METADATA
# title: A seccomp profile is set
# description: >-
#   Unless a Pod asks for the profile of its runtime, most clusters run it without any: every system call of the kernel is
#   open to it.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Set the runtime's own profile for the Pod:
#     ```yaml
#     spec:
#       securityContext:
#         seccompProfile: {type: RuntimeDefault}
#     ```
#   frameworks: {cis_kubernetes: ["5.6.2"], pss: ["restricted/seccomp"], nsa_cisa: [hardened-container-environments], nist_800_190: ["4.4.3"], nist_800_53: [SC-39]}
#   aliases: [CKV_K8S_31, KSV-0030, C-0210, container-seccomp-profile]
package rules.pod_security.seccomp_missing

deny contains {"msg": msg, "at": container.at} if {
	input.pod_security.asks.seccomp
	some container in input.containers
	container.security_context.seccomp_profile.value == null
	container.security_context.privileged.value != true
	msg := concat("", ["container ", container.name, " has no seccomp profile"])
}
