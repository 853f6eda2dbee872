package rules.probes.missing_startup_test

import data.rules.probes.missing_startup
import data.testing.workload

_delay(seconds) := {"op": "replace", "path": "/probes/liveness/initial_delay_seconds", "value": seconds}

_input(patch) := object.union(workload.deployment(patch), {"params": {"probes.missing_startup": {"initial_delay_seconds": 30}}})

test_long_delay_without_startup_probe_is_denied if {
	found := missing_startup.deny with input as _input([_delay(60)])
	found == {{"msg": "container web waits 60 s before its liveness probe, and has no startup probe", "at": "containers[web].livenessProbe"}}
}

test_short_delay_passes if {
	found := missing_startup.deny with input as _input([_delay(29)])
	found == set()
}

test_startup_probe_passes if {
	probe := {"op": "replace", "path": "/probes/startup", "value": workload.probe("startup", "/livez")}
	found := missing_startup.deny with input as _input([_delay(60), probe])
	found == set()
}
