package rules.drift.restarted_often_test

import data.rules.drift.restarted_often
import data.testing.live_object

_given(changes, params) := object.union(live_object.facts(changes), {"params": {"drift.restarted_often": params}})

test_restarting_container_is_denied if {
	found := restarted_often.deny with input as _given(
		{
			"/workload/containers": [
				live_object.container({
					"restarts": {"count": 14, "pod": "web-7d4b9c-x2x4p", "per_day": 7.0, "reason": "OOMKilled"},
				}),
			],
		},
		{"min_restarts": 5, "per_day": 1},
	)
	found == {{
		"msg": "container web was restarted 14 times in Pod web-7d4b9c-x2x4p, last after OOMKilled",
		"at": "containers[web]",
	}}
}

test_reason_may_be_unknown if {
	found := restarted_often.deny with input as _given(
		{
			"/workload/containers": [
				live_object.container({
					"restarts": {"count": 14, "pod": "web-7d4b9c-x2x4p", "per_day": 7.0, "reason": null},
				}),
			],
		},
		{"min_restarts": 5, "per_day": 1},
	)
	found == {{
		"msg": "container web was restarted 14 times in Pod web-7d4b9c-x2x4p",
		"at": "containers[web]",
	}}
}

test_few_restarts_pass if {
	found := restarted_often.deny with input as _given(
		{
			"/workload/containers": [
				live_object.container({
					"restarts": {"count": 4, "pod": "web-7d4b9c-x2x4p", "per_day": 7.0, "reason": "OOMKilled"},
				}),
			],
		},
		{"min_restarts": 5, "per_day": 1},
	)
	found == set()
}

test_restarts_over_a_long_time_pass if {
	found := restarted_often.deny with input as _given(
		{
			"/workload/containers": [
				live_object.container({
					"restarts": {"count": 14, "pod": "web-7d4b9c-x2x4p", "per_day": 0.9, "reason": "OOMKilled"},
				}),
			],
		},
		{"min_restarts": 5, "per_day": 1},
	)
	found == set()
}

test_job_passes if {
	found := restarted_often.deny with input as _given(
		{
			"/workload/containers": [
				live_object.container({
					"restarts": {"count": 14, "pod": "web-7d4b9c-x2x4p", "per_day": 7.0, "reason": "OOMKilled"},
				}),
			],
			"/workload/runs_to_completion": true,
		},
		{"min_restarts": 5, "per_day": 1},
	)
	found == set()
}

test_no_restart_passes if {
	found := restarted_often.deny with input as _given({}, {"min_restarts": 5, "per_day": 1})
	found == set()
}
