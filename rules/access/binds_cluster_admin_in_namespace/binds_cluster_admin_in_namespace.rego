# METADATA
# title: No namespace has a cluster-admin of its own
# description: >-
#   In a namespace cluster-admin is more than the role `admin`: it also changes quotas, limits and the namespace
#   itself, and may escalate and impersonate there.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: medium
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Bind `admin` or `edit`:
#     ```yaml
#     roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
#     ```
#   frameworks: {cis_kubernetes: ["5.1.1"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [rolebindingClusterAdminClusterRole]
package rules.access.binds_cluster_admin_in_namespace

deny contains {"msg": msg, "at": "roleRef.name"} if {
	input.scope == "namespace"
	input.role.kind == "ClusterRole"
	input.role.name == "cluster-admin"
	not input.builtin
	msg := "binds cluster-admin in a namespace, where admin would be enough"
}
