# METADATA
# title: No role that changes things or reads Secrets is bound to everybody who logs in
# description: >-
#   The group system:authenticated is every user and every Pod of the cluster, and with some providers every account
#   of theirs; system:serviceaccounts is every Pod.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: medium
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Bind whoever needs the role by name:
#     ```yaml
#     subjects:
#       - {kind: Group, name: shop-developers, apiGroup: rbac.authorization.k8s.io}
#     ```
#   frameworks: {nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-01011, C-0265]
#   params:
#     allowed_roles:
#       type: array
#       items: {type: string}
#       default: []
#       description: names of roles that may be bound so
package rules.access.binds_authenticated

deny contains {"msg": msg, "at": subject.at} if {
	not input.builtin
	not input.role.name in _public
	not input.role.name in input.params["access.binds_authenticated"].allowed_roles
	input.role.reads_only != true
	some subject in input.subjects
	subject.everybody in {"authenticated", "service_accounts"}
	msg := concat("", ["binds ", input.role.name, " to everybody who logs in (", subject.name, ")"])
}

# Kubernetes gives these away itself: who one is, and what the API has.
_public := {
	"system:basic-user",
	"system:discovery",
	"system:public-info-viewer",
	"system:service-account-issuer-discovery",
}
