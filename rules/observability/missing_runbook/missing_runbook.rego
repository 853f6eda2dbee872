# METADATA
# title: Services say where their runbook is
# description: >-
#   Whoever is called to a failing service should not have to search for how it is started, checked and rolled back. An
#   annotation keeps the link where everybody looks first.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: sre
#   remediation: |
#     Link the page that helps whoever is on call:
#     ```yaml
#     metadata:
#       annotations:
#         runbook: https://runbooks.example.com/web
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     keys:
#       type: array
#       items: {type: string}
#       default: [a8r.io/runbook, runbook, runbook-url, runbook_url]
#       description: annotations, of which a workload or its Pods must have one
package rules.observability.missing_runbook

deny contains {"msg": msg, "at": "metadata"} if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet", "Rollout"}
	keys := input.params["observability.missing_runbook"].keys
	count([key | some key in keys; some where in [input.annotations, input.pod.annotations]; where[key]]) == 0
	msg := concat("", ["nothing says where its runbook is: none of ", concat(", ", keys), " is an annotation"])
}
