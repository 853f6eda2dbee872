# METADATA
# title: The default service account has no rights
# description: >-
#   Every Pod that names no service account runs as `default`, so each of them gets these rights, also those that
#   nobody has thought of.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: medium
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Make a service account for the application, and bind that:
#     ```yaml
#     kind: ServiceAccount
#     metadata: {name: web, namespace: shop}
#     automountServiceAccountToken: false
#     ```
#   frameworks: {cis_kubernetes: ["5.1.5"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [CKV_K8S_42]
package rules.access.binds_default_service_account

deny contains {"msg": msg, "at": subject.at} if {
	not input.builtin
	some subject in input.subjects
	subject.kind == "ServiceAccount"
	subject.name == "default"
	msg := concat("", ["binds ", input.role.name, " to the default service account"])
}
