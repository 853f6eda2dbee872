# METADATA
# title: No role of ours reads the Secrets of all namespaces
# description: >-
#   Among all Secrets of a cluster there is nearly always one that makes an administrator of its reader: tokens,
#   registry credentials, cloud keys, the certificates of webhooks.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Use a Role in each namespace that needs it, and name the Secrets:
#     ```yaml
#     kind: Role
#     metadata: {name: web, namespace: shop}
#     rules:
#       - apiGroups: [""]
#         resources: [secrets]
#         resourceNames: [web-tls]
#         verbs: [get]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.2"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0041, CKV2_K8S_5, C-0015, C-0186, access-to-secrets]
package rules.access.reads_secrets_everywhere

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	input.cluster_wide
	some grant in input.grants
	grant.name == "read_secrets"
	msg := concat("", ["reads the Secrets of all namespaces (", grant.text, ")"])
}
