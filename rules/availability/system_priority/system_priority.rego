# METADATA
# title: Priority classes of the cluster are left to the cluster
# description: >-
#   Pods with system-cluster-critical or system-node-critical push out all others, the cluster's own DNS among them.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: operations
#   remediation: |
#     Use a class of your own:
#     ```yaml
#     priorityClassName: business-critical
#     ```
#   frameworks: {nist_800_53: [SC-6]}
#   aliases: []
package rules.availability.system_priority

deny contains {"msg": msg, "at": concat("", [input.pod.at, ".priorityClassName"])} if {
	input.scheduling.priority_class_name in {"system-cluster-critical", "system-node-critical"}
	input.kind != "DaemonSet"
	count(input.owners) == 0
	input.namespace != null
	not endswith(input.namespace, "-system")
	msg := concat("", ["takes ", input.scheduling.priority_class_name, " in namespace ", input.namespace])
}
