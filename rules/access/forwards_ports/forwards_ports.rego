# METADATA
# title: Roles do not forward ports of Pods
# description: >-
#   A forwarded port goes past Services, Ingresses and network policies: it reaches a database or an admin page as
#   if the caller sat in the Pod.
# schemas:
#   - input: schema.role
# custom:
#   severity: low
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Take the subresource out of the role; publish what people need through an Ingress:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [pods, pods/log]
#         verbs: [get, list]
#     ```
#   frameworks: {nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [C-0063]
package rules.access.forwards_ports

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "forward_ports"
	msg := concat("", ["forwards ports of Pods (", grant.text, ")"])
}
