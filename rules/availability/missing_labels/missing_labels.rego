# METADATA
# title: Workloads carry the recommended labels
# description: >-
#   Dashboards, cost reports and this tool's own reports find what belongs together by the labels that Kubernetes
#   recommends.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Add them to the object and its template:
#     ```yaml
#     metadata:
#       labels:
#         app.kubernetes.io/name: web
#         app.kubernetes.io/version: v1.2.0
#     ```
#   frameworks: {nist_800_53: [CM-8]}
#   aliases: [C-0077]
#   params:
#     labels:
#       type: array
#       items: {type: string}
#       default: [app.kubernetes.io/name, app.kubernetes.io/version]
#       description: the labels that every workload must have
package rules.availability.missing_labels

deny contains {"msg": msg, "at": "metadata"} if {
	count(input.owners) == 0
	missing := [label |
		some label in input.params["availability.missing_labels"].labels
		object.get(input.labels, label, "") == ""
	]
	count(missing) > 0
	msg := concat("", ["lacks the labels ", concat(", ", missing)])
}
