# METADATA
# title: An Ingress leaves the rest to its controller
# description: >-
#   A default backend gets every request that no rule takes, for names that nobody has registered too. One Ingress
#   at most should have it, and know why.
# schemas:
#   - input: schema.ingress
# custom:
#   severity: low
#   applies_to: [ingress]
#   owner: operations
#   remediation: |
#     Replace it by a rule with a host:
#     ```yaml
#     spec:
#       rules:
#         - host: web.example.com
#     ```
#   frameworks: {nist_800_190: ["4.3.3"], nist_800_53: [SC-7], pci_dss_4: ["1.3.1"]}
#   aliases: []
package rules.network_policies.default_backend

deny contains {"msg": msg, "at": "spec.defaultBackend"} if {
	input.default_backend
	msg := "takes every request that no rule takes, by a default backend"
}
