# METADATA
# title: Containers get the time that they need to stop
# description: >-
#   When the grace period is over, the kernel kills what still runs. The time of the preStop hook counts: a hook that waits as long
#   leaves the program none to finish its requests; a period of 0 leaves none at all.
# schemas:
#   - input: schema.workload
# custom:
#   severity: medium
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Make the grace period longer than the hook and the longest request together:
#     ```yaml
#     terminationGracePeriodSeconds: 60
#     ```
#   frameworks: {}
#   aliases: []
package rules.probes.grace_period_too_short

deny contains {"msg": msg, "at": at} if {
	period := _period(input.pod.termination_grace_period_seconds)
	some container in input.containers
	container.pre_stop.sleep_seconds >= period
	at := concat("", [container.at, ".lifecycle.preStop"])
	msg := concat("", ["container ", container.name, " waits ", format_int(container.pre_stop.sleep_seconds, 10), " s before it stops, and is killed after ", format_int(period, 10), " s"])
}

deny contains {"msg": "the Pod is killed at once, with a grace period of 0 s", "at": at} if {
	input.pod.termination_grace_period_seconds == 0
	at := concat("", [input.pod.at, ".terminationGracePeriodSeconds"])
}

_period(seconds) := seconds if seconds != null

_period(null) := 30 # the API's default
