# METADATA
# title: Few roles change admission webhooks
# description: >-
#   A mutating webhook sees and rewrites every object that is written, Secrets included; a validating one that fails
#   stops the cluster, and one that is deleted protects nothing any more.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the configurations:
#     ```yaml
#     rules:
#       - apiGroups: [admissionregistration.k8s.io]
#         resources: [validatingwebhookconfigurations]
#         resourceNames: [shop-webhook]
#         verbs: [get, update, patch]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.12"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV_K8S_155, KSV-0114, C-0281]
package rules.access.changes_webhooks

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "change_webhooks"
	msg := concat("", ["changes admission webhooks (", grant.text, ")"])
}
