# METADATA
# title: No role of ours allows everything in the cluster
# description: >-
#   Who holds such a role is an administrator: every Secret, every node and every policy is theirs, and so it is of
#   whoever takes over a Pod that runs with it. The API group core alone is enough, since it lets them impersonate
#   anybody.
# schemas:
#   - input: schema.role
# custom:
#   severity: high
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the API groups, resources and verbs that are needed:
#     ```yaml
#     rules:
#       - apiGroups: [apps]
#         resources: [deployments]
#         verbs: [get, list, watch, patch]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.8"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0044, C-0035, C-0187]
package rules.access.grants_everything

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	input.cluster_wide
	some grant in input.grants
	grant.name == "everything"
	msg := concat("", ["allows everything in the whole cluster (", grant.text, ")"])
}
