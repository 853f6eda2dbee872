# METADATA
# title: Few roles create persistent volumes
# description: >-
#   A persistent volume may be a folder of the node: who creates one reads and writes the file system of the host,
#   whatever the policy for Pods says. Storage provisioners need it; others ask by a claim.
# schemas:
#   - input: schema.role
# custom:
#   severity: low
#   applies_to: [role]
#   owner: security
#   remediation: |
#     Let applications create claims:
#     ```yaml
#     rules:
#       - apiGroups: [""]
#         resources: [persistentvolumeclaims]
#         verbs: [get, list, create]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.9"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: []
package rules.access.creates_persistent_volumes

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	grant.name == "create_persistent_volumes"
	msg := concat("", ["creates persistent volumes (", grant.text, ")"])
}
