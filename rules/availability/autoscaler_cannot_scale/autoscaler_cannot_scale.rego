# METADATA
# title: An autoscaler has room to scale
# description: >-
#   With minReplicas at maxReplicas the autoscaler never changes anything, and only looks like elasticity.
# schemas:
#   - input: schema.autoscaler
# custom:
#   severity: info
#   applies_to: [autoscaler]
#   owner: development
#   remediation: |
#     Leave room, or drop the autoscaler and write `replicas`:
#     ```yaml
#     spec:
#       minReplicas: 2
#       maxReplicas: 10
#     ```
#   frameworks: {}
#   aliases: [hpaMaxAvailability]
package rules.availability.autoscaler_cannot_scale

deny contains {"msg": msg, "at": "spec.maxReplicas"} if {
	input.max_replicas != null
	input.max_replicas == _minimum
	msg := concat("", ["always keeps ", format_int(input.max_replicas, 10), " replicas"])
}

_minimum := input.min_replicas if input.min_replicas != null

_minimum := 1 if input.min_replicas == null
