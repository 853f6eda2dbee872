# METADATA
# title: Containers do not restart all the time
# description: >-
#   A container that the kubelet starts again and again is repaired, not replaced: same node, same Pod, same fault.
#   Its users see each restart.
# schemas:
#   - input: schema.live_object
# custom:
#   severity: info
#   applies_to: [live_object]
#   owner: development
#   remediation: |
#     Read why the last one ended, and mend the cause:
#     ```sh
#     kubectl --namespace shop logs --previous web-7d4b9c-x2x4p
#     ```
#   frameworks: {}
#   aliases: []
#   params:
#     min_restarts:
#       type: integer
#       minimum: 1
#       default: 5
#       description: how many restarts of one Pod's container are too many
#     per_day:
#       type: number
#       minimum: 0
#       default: 1
#       description: and how many a day
package rules.drift.restarted_often

deny contains {"msg": msg, "at": container.at} if {
	some container in input.workload.containers
	not input.workload.runs_to_completion
	restarts := container.restarts
	limits := input.params["drift.restarted_often"]
	restarts.count >= limits.min_restarts
	restarts.per_day >= limits.per_day
	times := concat("", [" was restarted ", format_int(restarts.count, 10), " times in Pod ", restarts.pod])
	msg := concat("", ["container ", container.name, times, _reason(restarts)])
}

_reason(restarts) := concat("", [", last after ", restarts.reason]) if restarts.reason != null

_reason(restarts) := "" if restarts.reason == null
