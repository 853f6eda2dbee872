# METADATA
# title: The scheduler chooses the node
# description: >-
#   nodeName passes the scheduler by: the Pods wait for that one node, and go down with it.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Say what the node must be like instead of which one it is:
#     ```yaml
#     nodeSelector: {kubernetes.io/arch: amd64}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.pinned_to_node

deny contains {"msg": msg, "at": concat("", [input.pod.at, ".nodeName"])} if {
	input.scheduling.node_name != null
	not _placed_by_the_scheduler
	msg := concat("", ["runs on node ", input.scheduling.node_name, " or nowhere"])
}

_placed_by_the_scheduler if {
	input.kind == "Pod"
	input.inventory == "complete"
}

_placed_by_the_scheduler if count(input.owners) > 0
