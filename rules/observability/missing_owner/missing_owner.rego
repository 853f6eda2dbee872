# METADATA
# title: Workloads say whose they are
# description: >-
#   When it pages at night, or a library must be replaced everywhere, somebody has to find the team. None of the labels that
#   Kubernetes recommends names people: `part-of` names a product and `managed-by` a tool.
# schemas:
#   - input: schema.workload
# custom:
#   severity: info
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Name the team:
#     ```yaml
#     metadata:
#       labels:
#         team: shop
#     ```
#   frameworks: {nist_800_53: [CM-8]}
#   aliases: [required-label-owner]
#   params:
#     keys:
#       type: array
#       items: {type: string}
#       default: [a8r.io/owner, owner, team]
#       description: labels or annotations, of which a workload or its Pods must have one
package rules.observability.missing_owner

deny contains {"msg": msg, "at": "metadata"} if {
	keys := input.params["observability.missing_owner"].keys
	count([key | some key in keys; some where in _metadata; where[key]]) == 0
	msg := concat("", ["nothing says whose it is: none of ", concat(", ", keys), " is a label or annotation"])
}

_metadata := [input.labels, input.annotations, input.pod.labels, input.pod.annotations]
