# METADATA
# title: No service account of an application is cluster-admin
# description: >-
#   A Pod with this service account owns the cluster, and so does whoever takes over the Pod, reads its token or may
#   create Pods in its namespace.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: high
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Bind a role with what is needed:
#     ```yaml
#     kind: ClusterRole
#     metadata: {name: web}
#     rules:
#       - apiGroups: [apps]
#         resources: [deployments]
#         verbs: [get, list, watch, patch]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.1"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0111, C-0185, cluster-admin-role-binding, clusterrolebindingClusterAdmin]
package rules.access.binds_cluster_admin

deny contains {"msg": msg, "at": subject.at} if {
	input.scope == "cluster"
	input.role.name == "cluster-admin"
	not input.builtin
	some subject in input.subjects
	subject.kind == "ServiceAccount"
	subject.namespace != "kube-system"
	msg := concat("", ["makes service account ", subject.name, " an administrator of the cluster"])
}
