# METADATA
# title: A workload selects its own Pods
# description: >-
#   Kubernetes refuses a workload whose selector does not match the labels of its template.
# schemas:
#   - input: schema.workload
# custom:
#   severity: high
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Write the same labels on both sides:
#     ```yaml
#     selector: {matchLabels: {app: web}}
#     template:
#       metadata: {labels: {app: web}}
#     ```
#   frameworks: {}
#   aliases: [mismatching-selector, C-0296, deployment-pod-selector-labels-match-template-metadata-labels, statefulset-pod-selector-labels-match-template-metadata-labels]
package rules.availability.selector_mismatch

deny contains {"msg": "its selector does not match the labels of its own Pods", "at": "spec.selector"} if {
	input.selector.matches_template == false
}
