# METADATA
# title: Objects are of a kind that Kubernetes serves
# description: >-
#   An API version that does not have the kind, or no longer has it, is refused when the object is applied.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: high
#   applies_to: [kubernetes_object, workload, network_policy, namespace, role, role_binding, service, ingress]
#   owner: development
#   remediation: |
#     Use the API version that the message names.
#   frameworks: {}
#   aliases: []
package rules.kubernetes_schema.unknown_kind

deny contains {"msg": error.message, "at": error.at} if {
	some error in input.schema_errors
	error.reason == "unknown_kind"
}
