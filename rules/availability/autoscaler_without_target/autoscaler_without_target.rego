# METADATA
# title: An autoscaler scales something that exists
# description: >-
#   An autoscaler whose target was renamed scales nothing, which shows only under load.
# schemas:
#   - input: schema.autoscaler
# custom:
#   severity: medium
#   applies_to: [autoscaler]
#   owner: development
#   remediation: |
#     Name the workload by its kind and name:
#     ```yaml
#     scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
#     ```
#   frameworks: {}
#   aliases: [horizontalpodautoscaler-has-target, dangling-horizontalpodautoscaler, C-0300]
package rules.availability.autoscaler_without_target

deny contains {"msg": msg, "at": "spec.scaleTargetRef"} if {
	input.target.found == false
	not _may_be_elsewhere
	msg := concat("", ["scales ", input.target.kind, "/", input.target.name, ", which is not ", _where[input.inventory]])
}

_may_be_elsewhere if {
	input.inventory == "partial"
	input.workloads_in_namespace == 0
}

_may_be_elsewhere if {
	input.inventory == "partial"
	input.custom_resources_in_namespace > 0
}

_where := {"complete": "in its namespace", "partial": "among the scanned files"}
