# METADATA
# title: The AppArmor profile of the runtime is not switched off
# description: >-
#   AppArmor keeps a process from files and calls that no container needs. A Pod that sets Unconfined is freer than one that
#   says nothing.
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
#       appArmorProfile: {type: RuntimeDefault}
#     ```
#   frameworks: {pss: ["baseline/app-armor"], nsa_cisa: [hardened-container-environments], nist_800_190: ["4.4.3"], nist_800_53: [SC-39]}
#   aliases: [KSV-0002]
package rules.pod_security.apparmor_overridden

deny contains {"msg": msg, "at": setting.at} if {
	some setting in input.pod_security.app_armor
	not setting.allowed
	msg := concat("", [setting.of, " sets the AppArmor profile ", setting.value])
}
