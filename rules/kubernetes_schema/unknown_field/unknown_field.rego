# METADATA
# title: Objects have no fields that Kubernetes does not know
# description: >-
#   The API server drops a field that it does not know, often without a word: a misspelt or wrongly indented setting is not in force,
#   and everybody believes that it is.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: high
#   applies_to: [kubernetes_object, workload, autoscaler, configuration, disruption_budget, ingress, namespace, network_policy, persistent_volume, role, role_binding, service, storage_class, volume_claim]
#   owner: development
#   remediation: |
#     Check the spelling and the indentation of the field; `kubectl explain` shows where it belongs.
#   frameworks: {}
#   aliases: []
package rules.kubernetes_schema.unknown_field

deny contains {"msg": error.message, "at": error.at} if {
	some error in input.schema_errors
	error.reason == "unknown_field"
}
