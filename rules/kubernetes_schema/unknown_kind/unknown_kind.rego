# METADATA
# title: Objects are of a kind that Kubernetes serves
# description: >-
#   An API version that does not have the kind is refused when the object is applied.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: high
#   applies_to: [kubernetes_object, workload, autoscaler, configuration, disruption_budget, ingress, namespace, network_policy, persistent_volume, role, role_binding, service, storage_class, volume_claim]
#   owner: development
#   remediation: |
#     Use the API version that the message names.
#   frameworks: {}
#   aliases: []
package rules.kubernetes_schema.unknown_kind

deny contains {"msg": error.message, "at": error.at} if {
	some error in input.schema_errors
	error.reason == "unknown_kind"
	not _gone
}

# kubernetes_schema.removed_version says more of those.
_gone if {
	input.deprecation.removed_in != null
	input.deprecation.removed_in <= input.kubernetes_minor
}
