package rules.probes.missing_pre_stop_test

import data.rules.probes.missing_pre_stop
import data.testing.workload

_input(patch, services) := object.union(workload.deployment(patch), {"services": services})

test_served_container_without_hook_is_denied if {
	found := missing_pre_stop.deny with input as _input([], ["web"])
	found == {{"msg": "container web has no preStop hook, though the service web sends it requests", "at": "containers[web]"}}
}

test_container_with_hook_passes if {
	hook := {"op": "replace", "path": "/pre_stop", "value": {"handler": "sleep", "sleep_seconds": 5}}
	found := missing_pre_stop.deny with input as _input([hook], ["web"])
	found == set()
}

test_container_that_nothing_serves_passes if {
	found := missing_pre_stop.deny with input as _input([], [])
	found == set()
}

test_container_without_ports_passes if {
	found := missing_pre_stop.deny with input as _input([{"op": "replace", "path": "/ports", "value": []}], ["web"])
	found == set()
}

test_sidecar_passes if {
	found := missing_pre_stop.deny with input as _input([{"op": "replace", "path": "/kind", "value": "sidecar"}], ["web"])
	found == set()
}
