# METADATA
# title: An autoscaler keeps more than one replica behind a Service
# description: >-
#   In quiet hours it leaves one Pod, and the Service answers nobody while that one is moved or restarted.
# schemas:
#   - input: schema.autoscaler
# custom:
#   severity: low
#   applies_to: [autoscaler]
#   owner: sre
#   remediation: |
#     Keep two at least:
#     ```yaml
#     spec:
#       minReplicas: 2
#     ```
#   frameworks: {nist_800_53: [SC-36]}
#   aliases: [horizontalpodautoscaler-replicas, hpa-minimum-three-replicas, hpaMinAvailability]
#   params:
#     minimum:
#       type: integer
#       minimum: 2
#       default: 2
#       description: the fewest replicas that an autoscaler may leave behind a Service
package rules.availability.autoscaler_minimum_too_low

deny contains {"msg": msg, "at": "spec.minReplicas"} if {
	count(input.target_services) > 0
	_minimum > 0
	_minimum < input.params["availability.autoscaler_minimum_too_low"].minimum
	services := concat(", ", input.target_services)
	msg := concat("", ["may leave ", format_int(_minimum, 10), " of the Pods behind ", services])
}

_minimum := input.min_replicas if input.min_replicas != null

_minimum := 1 if input.min_replicas == null
