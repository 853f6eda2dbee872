# METADATA
# title: The group system:masters is not used
# description: >-
#   Members of system:masters go past all authorisation: no role, no binding and no webhook limits them, and only
#   replacing the certificate authority takes it away. To bind it adds nothing and keeps it in use.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: medium
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Bind a group of your own:
#     ```yaml
#     subjects:
#       - {kind: Group, name: platform-team, apiGroup: rbac.authorization.k8s.io}
#     ```
#   frameworks: {cis_kubernetes: ["5.1.7"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0123]
package rules.access.binds_system_masters

deny contains {"msg": msg, "at": subject.at} if {
	not input.builtin
	some subject in input.subjects
	subject.kind == "Group"
	subject.name == "system:masters"
	msg := concat("", ["binds ", input.role.name, " to the group system:masters"])
}
