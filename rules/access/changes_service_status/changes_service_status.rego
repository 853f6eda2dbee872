# METADATA
# title: Few roles change the status of Services
# description: >-
#   Who writes the address of a load balancer into the status of a Service draws traffic of the whole cluster for
#   that address to it (CVE-2020-8554, which has no fix). Load balancer controllers need it; others do not.
# schemas:
#   - input: schema.role
# custom:
#   severity: low
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Take the subresource out of the role:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [services]
#         verbs: [get, list, watch]
#     ```
#   frameworks: {nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV2_K8S_4]
package rules.access.changes_service_status

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "change_service_status"
	msg := concat("", ["changes the status of Services (", grant.text, ")"])
}
