# METADATA
# title: A binding names a role that exists
# description: >-
#   A binding to a role that is not there grants nothing, and whoever later creates a role of that name grants it
#   unseen. Most often it was renamed on one side only.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: medium
#   applies_to: [role_binding]
#   owner: development
#   remediation: |
#     Give the binding the name of the role:
#     ```yaml
#     roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
#     ```
#   frameworks: {nsa_cisa: [rbac], nist_800_53: [AC-3]}
#   aliases: []
package rules.access.role_not_found

deny contains {"msg": msg, "at": "roleRef.name"} if {
	input.inventory == "complete"
	not input.builtin
	not input.role.found
	msg := concat("", ["binds ", input.role.kind, " ", input.role.name, ", which does not exist"])
}

deny contains {"msg": msg, "at": "roleRef.name"} if {
	input.inventory == "partial"
	not input.role.found
	not regex.match(`^(system:|kubeadm:|extension-apiserver-authentication-reader$)`, input.role.name)
	count(input.unbound_roles) > 0
	left := concat(", ", input.unbound_roles)
	msg := concat("", ["binds ", input.role.name, ", which is not among the scanned files, where nothing binds ", left])
}
