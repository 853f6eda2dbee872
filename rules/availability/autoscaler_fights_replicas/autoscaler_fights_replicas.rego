# METADATA
# title: Either an autoscaler or the manifest sets the replicas
# description: >-
#   Each time the manifest is applied it sets the replicas back, in the middle of a peak too.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Leave `replicas` out of what an autoscaler scales.
#   frameworks: {}
#   aliases: [deployment-targeted-by-hpa-does-not-have-replicas-configured]
package rules.availability.autoscaler_fights_replicas

deny contains {"msg": msg, "at": "spec.replicas"} if {
	input.inventory == "partial"
	input.replicas != null
	count(input.applied_with.autoscalers) > 0
	msg := concat("", ["sets the replicas that autoscaler ", concat(", ", input.applied_with.autoscalers), " sets too"])
}
