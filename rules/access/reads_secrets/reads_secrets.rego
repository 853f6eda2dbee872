# METADATA
# title: Roles that read Secrets name them
# description: >-
#   Without resourceNames a role reads every Secret of the namespace, also those of other applications and those
#   that come later; `list` and `watch` return their content as `get` does.
# schemas:
#   - input: schema.role
# custom:
#   severity: low
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the Secrets:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [secrets]
#         resourceNames: [web-tls]
#         verbs: [get]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.2"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0113]
package rules.access.reads_secrets

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	not input.cluster_wide
	some grant in input.grants
	grant.name == "read_secrets"
	msg := concat("", ["reads every Secret of a namespace (", grant.text, ")"])
}
