# METADATA
# title: No role of ours allows everything in a namespace
# description: >-
#   Who holds such a role reads every Secret of the namespace, runs Pods as any of its service accounts, and may
#   give the role to others. The ClusterRole `admin` is less than that.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the API groups, resources and verbs that are needed, or bind the ClusterRole `edit`:
#     ```yaml
#     rules:
#       - apiGroups: [apps]
#         resources: [deployments]
#         verbs: [get, list, watch, patch]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.3"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: []
package rules.access.grants_everything_in_namespace

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	not input.cluster_wide
	some grant in input.grants
	grant.name == "everything"
	msg := concat("", ["allows everything in a namespace (", grant.text, ")"])
}
