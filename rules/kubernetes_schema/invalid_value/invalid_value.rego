# METADATA
# title: Objects fit the schema of their kind
# description: >-
#   The API server refuses an object with a wrong type or without a required field, so the deployment stops where it stands.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: high
#   applies_to: [kubernetes_object, workload, autoscaler, configuration, disruption_budget, ingress, namespace, network_policy, persistent_volume, role, role_binding, service, storage_class, volume_claim]
#   owner: development
#   remediation: |
#     Correct the value; `kubectl explain` shows the type of each field.
#   frameworks: {}
#   aliases: []
package rules.kubernetes_schema.invalid_value

deny contains {"msg": error.message, "at": error.at} if {
	some error in input.schema_errors
	error.reason in {"invalid_value", "missing_field", "duplicate_field"}
}
