# METADATA
# title: Administration is not given to everybody
# description: >-
#   Everybody who reaches the API server, or every Pod of the cluster, is an administrator. Clusters that were found
#   like that on the internet were taken over within hours.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: critical
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Delete the binding, and bind named users or groups:
#     ```yaml
#     subjects:
#       - {kind: Group, name: platform-team, apiGroup: rbac.authorization.k8s.io}
#     ```
#   frameworks: {cis_kubernetes: ["5.1.1"], nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: []
package rules.access.everybody_is_admin

deny contains {"msg": msg, "at": subject.at} if {
	_administers
	some subject in input.subjects
	subject.everybody != null
	msg := concat("", ["gives ", input.role.name, " to everybody (", subject.name, ")"])
}

_administers if {
	input.role.kind == "ClusterRole"
	input.role.name in {"cluster-admin", "admin", "edit"}
}

_administers if "everything" in input.role.grants
