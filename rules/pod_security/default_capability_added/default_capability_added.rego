# METADATA
# title: Containers add nothing but NET_BIND_SERVICE
# description: >-
#   A container that drops all capabilities and adds CHOWN, SETUID or DAC_OVERRIDE back can act as other users again. The
#   restricted standard lets it add NET_BIND_SERVICE and nothing else.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Drop everything, and add only what the application cannot do without:
#     ```yaml
#     securityContext:
#       capabilities:
#         drop: [ALL]
#     ```
#     Run as a fixed user, and set owners of files in the image, so that nothing must be changed at start.
#   frameworks: {cis_kubernetes: ["5.2.9"], pss: ["restricted/capabilities"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, CM-7], pci_dss_4: ["2.2.6"]}
#   aliases: []
package rules.pod_security.default_capability_added

deny contains {"msg": msg, "at": capability.at} if {
	input.pod_security.asks.capabilities
	some capability in input.pod_security.capabilities
	capability.gives == "runtime_default"
	msg := concat("", [capability.of, " adds ", capability.name])
}
