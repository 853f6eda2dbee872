# METADATA
# title: Containers are not privileged
# description: >-
#   A privileged container has every capability and device of its node: whoever gets into it owns the node and all that runs
#   there.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: security
#   remediation: |
#     Remove `privileged: true`; add the one capability that is needed, if any:
#     ```yaml
#     securityContext:
#       privileged: false
#     ```
#   frameworks: {cis_kubernetes: ["5.2.2"], pss: ["baseline/privileged-containers"], nsa_cisa: [pod-security-enforcement], nist_800_190: ["4.4.3", "4.5.5"], nist_800_53: [AC-6, SC-39], pci_dss_4: ["2.2.6"]}
#   aliases: [CKV_K8S_16, KSV-0017, C-0057, privileged-container, runAsPrivileged, container-security-context-privileged]
package rules.pod_security.privileged

deny contains {"msg": msg, "at": at} if {
	some container in input.containers
	container.security_context.privileged.value == true
	at := concat("", [container.at, ".securityContext.privileged"])
	msg := concat("", ["container ", container.name, " is privileged"])
}
