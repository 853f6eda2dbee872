# METADATA
# title: Roles do not give rights that their holders lack
# description: >-
#   The API server lets nobody write a role or a binding with more rights than they have themselves, except for
#   those who hold the verbs `escalate` and `bind`: they can make themselves administrators. The verb `*` on roles
#   includes both.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the verbs, and where `bind` is meant, name the roles:
#     ```yaml
#     rules:
#       - apiGroups: [rbac.authorization.k8s.io]
#         resources: [clusterroles]
#         resourceNames: [view]
#         verbs: [bind]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.8"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV_K8S_157, CKV_K8S_158, CKV2_K8S_1, KSV-0050, C-0191]
package rules.access.escalates_privileges

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "escalate"
	msg := concat("", ["gives itself or others more rights (", grant.text, ")"])
}
