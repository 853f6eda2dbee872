# METADATA
# title: A Gateway has a listener with TLS
# description: >-
#   A Gateway that only speaks HTTP sends passwords and cookies in clear. One that has both may still use HTTP to
#   redirect.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: medium
#   applies_to: [kubernetes_object]
#   owner: operations
#   remediation: |
#     Add a listener with TLS:
#     ```yaml
#     listeners:
#       - name: https
#         protocol: HTTPS
#         port: 443
#         tls: {certificateRefs: [{name: web-tls}]}
#     ```
#   frameworks: {nist_800_53: [SC-8]}
#   aliases: []
package rules.network_policies.gateway_without_tls

deny contains {"msg": "speaks HTTP without TLS on every listener", "at": "spec.listeners"} if {
	input.kind == "Gateway"
	startswith(input.api_version, "gateway.networking.k8s.io/")
	listeners := input.object.spec.listeners
	count(listeners) > 0
	every listener in listeners { listener.protocol == "HTTP" }
}
