package rules.probes.grace_period_too_short_test

import data.rules.probes.grace_period_too_short
import data.testing.workload

_input(period, hook) := object.union(
	workload.deployment([{"op": "replace", "path": "/pre_stop", "value": hook}]),
	{"pod": {"at": "spec.template.spec", "termination_grace_period_seconds": period}},
)

_sleep(seconds) := {"handler": "sleep", "sleep_seconds": seconds}

_killed(seconds) := {{
	"msg": concat("", ["container web waits 30 s before it stops, and is killed after ", format_int(seconds, 10), " s"]),
	"at": "containers[web].lifecycle.preStop",
}}

test_hook_as_long_as_the_period_is_denied if {
	found := grace_period_too_short.deny with input as _input(20, _sleep(30))
	found == _killed(20)
}

test_hook_as_long_as_the_default_period_is_denied if {
	found := grace_period_too_short.deny with input as _input(null, _sleep(30))
	found == _killed(30)
}

test_shorter_hook_passes if {
	found := grace_period_too_short.deny with input as _input(null, _sleep(29))
	found == set()
}

test_hook_of_unknown_length_passes if {
	found := grace_period_too_short.deny with input as _input(10, {"handler": "exec", "sleep_seconds": null})
	found == set()
}

test_no_period_is_denied if {
	found := grace_period_too_short.deny with input as _input(0, null)
	found == {{
		"msg": "the Pod is killed at once, with a grace period of 0 s",
		"at": "spec.template.spec.terminationGracePeriodSeconds",
	}}
}
