# METADATA
# title: Few roles create tokens of service accounts
# description: >-
#   A token is the service account: who asks for one has all its rights, from outside of the cluster too, and for as
#   long as they ask.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the service accounts:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [serviceaccounts/token]
#         resourceNames: [web]
#         verbs: [create]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.13"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [C-0282]
package rules.access.creates_tokens

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "create_tokens"
	msg := concat("", ["creates tokens of any service account (", grant.text, ")"])
}
