# METADATA
# title: API versions are served by the chosen Kubernetes
# description: >-
#   An API version that Kubernetes no longer serves is refused when the object is applied, and breaks a release at the next
#   upgrade.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: high
#   applies_to: [kubernetes_object, workload, autoscaler, configuration, disruption_budget, ingress, namespace, network_policy, persistent_volume, role, role_binding, service, storage_class, volume_claim]
#   owner: development
#   remediation: |
#     Move to the API version that the message names; fields may have moved too: see the "Deprecated API Migration Guide" of Kubernetes.
#   frameworks: {nist_800_53: [SA-22]}
#   aliases: [stable-version, no-extensions-v1beta]
package rules.kubernetes_schema.removed_version

deny contains {"msg": msg, "at": "apiVersion"} if {
	input.deprecation.removed_in != null
	input.deprecation.removed_in <= input.kubernetes_minor
	gone := concat("", [input.kind, " of ", input.api_version, " is gone since Kubernetes 1.", format_int(input.deprecation.removed_in, 10)])
	msg := concat("", [gone, _instead])
}

_instead := concat("", ["; use ", input.deprecation.replacement]) if input.deprecation.replacement != null

_instead := ", and nothing replaces it" if input.deprecation.replacement == null
