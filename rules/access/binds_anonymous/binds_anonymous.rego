# METADATA
# title: No role is bound to those who did not log in
# description: >-
#   The user system:anonymous and the group system:unauthenticated are everybody who reaches the API server, without
#   a password or a certificate.
# schemas:
#   - input: schema.role_binding
# custom:
#   severity: high
#   applies_to: [role_binding]
#   owner: security
#   remediation: |
#     Bind whoever needs the role by name:
#     ```yaml
#     subjects:
#       - {kind: ServiceAccount, name: web, namespace: shop}
#     ```
#   frameworks: {nsa_cisa: [rbac], nist_800_190: ["4.3.1"], nist_800_53: [AC-6], pci_dss_4: ["7.2.2"]}
#   aliases: [KSV-0122, C-0262]
#   params:
#     allowed_roles:
#       type: array
#       items: {type: string}
#       default: []
#       description: names of roles that may be bound so
package rules.access.binds_anonymous

deny contains {"msg": msg, "at": subject.at} if {
	not input.builtin
	not input.role.name in _public
	not input.role.name in input.params["access.binds_anonymous"].allowed_roles
	some subject in input.subjects
	subject.everybody == "anonymous"
	msg := concat("", ["binds ", input.role.name, " to everybody who did not log in (", subject.name, ")"])
}

# Kubernetes and its installers give these away themselves: versions, public keys, and how to join the cluster.
_public := {
	"kubeadm:bootstrap-signer-clusterinfo",
	"system:public-info-viewer",
	"system:service-account-issuer-discovery",
}
