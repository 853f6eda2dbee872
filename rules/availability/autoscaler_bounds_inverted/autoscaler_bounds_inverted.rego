# METADATA
# title: An autoscaler's minimum is not above its maximum
# description: >-
#   Kubernetes refuses an autoscaler whose minReplicas exceed its maxReplicas.
# schemas:
#   - input: schema.autoscaler
# custom:
#   severity: high
#   applies_to: [autoscaler]
#   owner: development
#   remediation: |
#     Put the larger number into maxReplicas.
#   frameworks: {}
#   aliases: []
package rules.availability.autoscaler_bounds_inverted

deny contains {"msg": msg, "at": "spec.maxReplicas"} if {
	input.max_replicas != null
	input.min_replicas != null
	input.min_replicas > input.max_replicas
	msg := concat("", ["maxReplicas ", format_int(input.max_replicas, 10), " is below minReplicas ", format_int(input.min_replicas, 10)])
}
