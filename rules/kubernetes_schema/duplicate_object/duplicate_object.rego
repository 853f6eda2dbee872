# METADATA
# title: Every object is written once
# description: >-
#   Of two objects with one kind, namespace and name in a file, the last one that is applied wins, and nobody sees what is
#   lost.
# schemas:
#   - input: schema.kubernetes_object
# custom:
#   severity: medium
#   applies_to: [kubernetes_object, workload, autoscaler, configuration, disruption_budget, ingress, namespace, network_policy, persistent_volume, role, role_binding, service, storage_class, volume_claim]
#   owner: development
#   remediation: |
#     Remove or rename one of them.
#   frameworks: {}
#   aliases: []
package rules.kubernetes_schema.duplicate_object

deny contains {"msg": error.message, "at": error.at} if {
	some error in input.schema_errors
	error.reason == "duplicate_object"
}
