# METADATA
# title: Few roles create or change Pods or what makes Pods
# description: >-
#   Who writes a Pod chooses its image and its service account, mounts any Secret of the namespace, and, where
#   nothing forbids it, the file system of the node. Give it to deployment tools and operators, and know which ones.
# schemas:
#   - input: schema.role
# custom:
#   severity: low
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Leave it to the deployment tool; a controller that only watches needs no more than:
#     ```yaml
#     rules:
#       - apiGroups: [apps]
#         resources: [deployments]
#         verbs: [get, list, watch]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.4"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0048, C-0188, access-to-create-pods]
package rules.access.changes_workloads

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "change_workloads"
	msg := concat("", ["creates or changes Pods, or what makes Pods (", grant.text, ")"])
}
