# METADATA
# title: What containers drop includes NET_RAW
# description: >-
#   With NET_RAW a process forges packets of its neighbours and answers ARP and DNS in their name. A list of capabilities to
#   drop that leaves it out misses the one that matters most.
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
#   frameworks: {cis_kubernetes: ["5.2.8", "5.2.9"], pss: ["restricted/capabilities"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3"], nist_800_53: [AC-6, CM-7], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_28, drop-net-raw-capability]
package rules.pod_security.net_raw_not_dropped

deny contains {"msg": msg, "at": at} if {
	input.pod_security.asks.capabilities
	some container in input.containers
	container.security_context.privileged.value != true
	drop := container.security_context.capabilities.drop
	count(drop) > 0
	{upper(capability) | some capability in drop} & {"ALL", "NET_RAW"} == set()
	at := concat("", [container.at, ".securityContext.capabilities.drop"])
	msg := concat("", ["container ", container.name, " drops some capabilities, but keeps NET_RAW"])
}
