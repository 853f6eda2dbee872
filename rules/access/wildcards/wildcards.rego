# METADATA
# title: Roles name API groups, resources and verbs
# description: >-
#   A wildcard also allows what the API will have tomorrow: new resources, new subresources and new verbs, which
#   nobody has thought about yet.
# schemas:
#   - input: schema.role
# custom:
#   severity: low
#   applies_to: [role]
#   owner: security
#   remediation: |
#     List what is needed:
#     ```yaml
#     rules:
#       - apiGroups: [monitoring.coreos.com]
#         resources: [prometheuses, prometheuses/status]
#         verbs: [get, list, watch, update]
#     ```
#   frameworks: {cis_kubernetes: ["5.1.3"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV_K8S_49, KSV-0045, KSV-0046, KSV-0112, wildcard-in-rules]
package rules.access.wildcards

deny contains {"msg": msg, "at": grant.at} if {
	not input.builtin
	some grant in input.grants
	msg := concat("", ["allows ", _wildcard[grant.name], " (", grant.text, ")"])
}

_wildcard := {
	"wildcard_api_groups": "resources of every API group",
	"wildcard_resources": "every resource of an API group",
	"wildcard_verbs": "every verb",
}
