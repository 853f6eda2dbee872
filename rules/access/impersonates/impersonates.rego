# METADATA
# title: Roles do not impersonate users, groups or service accounts
# description: >-
#   Who impersonates acts with all rights of somebody else, also of the group system:masters, and the audit log must
#   be read closely to see who it was. The verb `*` on serviceaccounts includes it.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the verbs, and where impersonation is meant, name whom:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [groups]
#         resourceNames: [shop-developers]
#         verbs: [impersonate]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.8"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0043, C-0065, CKV2_K8S_3]
package rules.access.impersonates

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "impersonate"
	msg := concat("", ["impersonates others (", grant.text, ")"])
}
