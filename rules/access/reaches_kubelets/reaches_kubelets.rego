# METADATA
# title: Few roles reach the kubelets through the API server
# description: >-
#   The proxy subresource of nodes is the whole API of the kubelet: it runs commands in every container of the node,
#   past admission control and the audit log. `get` is enough for that. For metrics and health there are
#   subresources of their own.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Ask for the subresource that is needed:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [nodes/metrics, nodes/stats]
#         verbs: [get]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.10"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0047, C-0279]
package rules.access.reaches_kubelets

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "reach_kubelets"
	msg := concat("", ["reaches the kubelets, which run commands in containers (", grant.text, ")"])
}
