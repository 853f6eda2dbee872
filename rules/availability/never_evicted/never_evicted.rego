# METADATA
# title: Pods leave a node that is down
# description: >-
#   A toleration of every NoExecute taint holds for dead nodes too: the Pods stay bound to them, and no replacement is
#   started elsewhere.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Name the taints that are meant:
#     ```yaml
#     tolerations:
#       - {key: dedicated, operator: Equal, value: web, effect: NoSchedule}
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.never_evicted

deny contains {"msg": "tolerates every taint, that of a dead node too", "at": concat("", [input.pod.at, ".tolerations"])} if {
	input.scheduling.never_evicted
	input.kind in {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"}
	count(input.owners) == 0
	not input.pod.host_network
	input.namespace != "kube-system"
}
