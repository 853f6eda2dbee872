# METADATA
# title: Few roles approve client certificates
# description: >-
#   An approved certificate for the API server logs in as whatever user and groups it names, and cannot be revoked.
#   This role approves for every signer, or for the one of client certificates.
# schemas:
#   - input: schema.role
# custom:
#   severity: medium
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Name the signer, if it is another one:
#     ```yaml
#     rules:
#       - apiGroups: [certificates.k8s.io]
#         resources: [certificatesigningrequests/approval]
#         verbs: [update]
#       - apiGroups: [certificates.k8s.io]
#         resources: [signers]
#         resourceNames: [kubernetes.io/kubelet-serving]
#         verbs: [approve]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.11"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV_K8S_156, C-0280]
package rules.access.approves_certificates

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "approve_certificates"
	msg := concat("", ["approves certificates that log in as anybody (", grant.text, ")"])
}
