# METADATA
# title: Privileges cannot be escalated
# description: >-
#   Unless it is forbidden, a process gains rights by running a set-uid program such as sudo or su. Forbidding it costs
#   nothing: applications that run as one user never notice. Privileged containers have a rule of their own.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Forbid it in each container:
#     ```yaml
#     securityContext:
#       allowPrivilegeEscalation: false
#     ```
#   frameworks: {cis_kubernetes: ["5.2.6", "5.6.3"], pss: ["restricted/privilege-escalation"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6(10)], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_20, KSV-0001, C-0016, privilegeEscalationAllowed]
package rules.pod_security.privilege_escalation_allowed

deny contains {"msg": msg, "at": container.at} if {
	input.pod_security.asks.privilege_escalation
	some container in input.containers
	container.security_context.allow_privilege_escalation.value != false
	container.security_context.privileged.value != true
	msg := concat("", ["container ", container.name, " may escalate its privileges"])
}
