# METADATA
# title: Roles do not let their holders into running containers
# description: >-
#   A command run in a container, a terminal attached to it or a debug container beside it changes an instance that
#   was meant to be immutable, and sees its files, its environment and its service account token.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Take the subresources out of the role; give people who mend incidents a role of their own, for a limited time:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [pods, pods/log]
#         verbs: [get, list]
#     ```
#   frameworks: {nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0053, KSV-0054, C-0002, CKV2_K8S_2, clusterrolePodExecAttach, rolePodExecAttach]
package rules.access.enters_containers

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "enter_containers"
	msg := concat("", ["lets its holders into containers (", grant.text, ")"])
}
