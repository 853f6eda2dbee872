# METADATA
# title: A rollout is given the time that its Pods may take
# description: >-
#   A deadline shorter than the start reports a healthy rollout as failed; one not above minReadySeconds is refused.
# schemas:
#   - input: schema.workload
# custom:
#   severity: low
#   applies_to: [workload]
#   owner: development
#   remediation: |
#     Give more time than the startup probe does:
#     ```yaml
#     spec:
#       progressDeadlineSeconds: 1200
#     ```
#   frameworks: {}
#   aliases: []
package rules.availability.progress_deadline_too_short

deny contains {"msg": msg, "at": "spec"} if {
	input.rollout.progress_deadline_seconds != null
	input.rollout.progress_deadline_seconds <= input.rollout.min_ready_seconds
	msg := "progressDeadlineSeconds is not above minReadySeconds, which Kubernetes refuses"
}

deny contains {"msg": msg, "at": startup.at} if {
	input.rollout.progress_deadline_seconds != null
	some container in input.containers
	container.kind in {"main", "sidecar"}
	startup := container.probes.startup
	seconds := startup.initial_delay_seconds + (startup.period_seconds * startup.failure_threshold)
	seconds > input.rollout.progress_deadline_seconds
	deadline := format_int(input.rollout.progress_deadline_seconds, 10)
	msg := concat("", ["container ", container.name, " may take longer to start than the ", deadline, " s that its rollout has"])
}
