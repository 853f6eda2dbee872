# METADATA
# title: API versions are not about to go
# description: >-
#   Kubernetes stops to serve a deprecated API version some releases later; what still uses it then breaks with the upgrade.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: low
#   applies_to: [kubernetes_object, workload, autoscaler, configuration, disruption_budget, ingress, namespace, network_policy, persistent_volume, role, role_binding, service, storage_class, volume_claim]
#   owner: development
#   remediation: |
#     Move to the API version that the message names; fields may have moved too: see the "Deprecated API Migration Guide" of Kubernetes.
#   frameworks: {nist_800_53: [SA-22]}
#   aliases: [KSV-0107]
package rules.kubernetes_schema.deprecated_version

deny contains {"msg": msg, "at": "apiVersion"} if {
	input.deprecation.deprecated_in != null
	input.deprecation.deprecated_in <= input.kubernetes_minor
	not _gone
	since := concat("", [" is deprecated since Kubernetes 1.", format_int(input.deprecation.deprecated_in, 10)])
	msg := concat("", [input.kind, " of ", input.api_version, since, _until, _instead])
}

_gone if {
	input.deprecation.removed_in != null
	input.deprecation.removed_in <= input.kubernetes_minor
}

_until := concat("", [", and gone in 1.", format_int(input.deprecation.removed_in, 10)]) if input.deprecation.removed_in != null

_until := "" if input.deprecation.removed_in == null

_instead := concat("", ["; use ", input.deprecation.replacement]) if input.deprecation.replacement != null

_instead := "" if input.deprecation.replacement == null
