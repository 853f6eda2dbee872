# METADATA
# title: What an autoscaler measures against is requested
# description: >-
#   A utilisation is a share of the request: where a container requests nothing, the autoscaler reports an error and scales
#   nothing.
# schemas:
#   - input: schema.autoscaler
# custom:
#   severity: medium
#   applies_to: [autoscaler]
#   owner: development
#   remediation: |
#     Request the resource in every container of the Pod:
#     ```yaml
#     resources:
#       requests: {cpu: 100m}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.autoscaler_without_request

deny contains {"msg": msg, "at": metric.at} if {
	some metric in input.metrics
	count(metric.without_request) > 0
	containers := concat(", ", metric.without_request)
	target := concat("/", [input.target.kind, input.target.name])
	msg := concat("", ["scales by a share of the ", metric.resource, " request, which ", containers, " of ", target, " does not make"])
}
