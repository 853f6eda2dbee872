# METADATA
# title: Containers ask for an AppArmor profile
# description: >-
#   On nodes with AppArmor the runtime applies its own profile to containers that ask for none, unless it was told not to.
#   Asking for it makes sure, and the Pod does not start where it cannot be had.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Ask for the runtime's own profile:
#     ```yaml
#     spec:
#       securityContext:
#         appArmorProfile: {type: RuntimeDefault}
#     ```
#   frameworks: {nsa_cisa: [hardened-container-environments], nist_800_53: [SC-39]}
#   aliases: []
package rules.pod_security.apparmor_missing

deny contains {"msg": msg, "at": at} if {
	not input.pod_security.windows
	some name in input.pod_security.without_app_armor
	at := concat("", ["containers[", name, "]"])
	msg := concat("", ["container ", name, " asks for no AppArmor profile"])
}
