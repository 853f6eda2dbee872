# METADATA
# title: Containers drop all capabilities
# description: >-
#   Runtimes give every container some dozen capabilities of root, which hardly any application needs; each is one more way
#   to use a flaw of the kernel. The standard knows `ALL` in capitals only.
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
#   frameworks: {cis_kubernetes: ["5.2.8", "5.2.9", "5.6.3"], pss: ["restricted/capabilities"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, CM-7], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_37, KSV-0003, KSV-0004, insecureCapabilities]
package rules.pod_security.capabilities_not_dropped

deny contains {"msg": msg, "at": container.at} if {
	input.pod_security.asks.capabilities
	some container in input.containers
	not "ALL" in container.security_context.capabilities.drop
	not _is_left_to_another_rule(container.security_context)
	msg := concat("", ["container ", container.name, " does not drop ALL capabilities"])
}

# A privileged container has them all whatever it drops; a list without NET_RAW is told as such.
_is_left_to_another_rule(context) if context.privileged.value == true

_is_left_to_another_rule(context) if {
	count(context.capabilities.drop) > 0
	not _drops_net_raw(context.capabilities.drop)
}

_drops_net_raw(drop) if {
	some capability in drop
	upper(capability) in {"ALL", "NET_RAW"}
}
