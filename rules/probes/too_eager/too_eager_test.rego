package rules.probes.too_eager_test

import data.rules.probes.too_eager
import data.testing.workload

_set(field, value) := {"op": "replace", "path": concat("", ["/probes/liveness/", field]), "value": value}

_input(patch) := object.union(workload.deployment(patch), {"params": {"probes.too_eager": {"min_seconds": 10}}})

test_impatient_probe_is_denied if {
	found := too_eager.deny with input as _input([_set("period_seconds", 1)])
	found == {{"msg": "container web is restarted when its liveness probe fails for 3 s", "at": "containers[web].livenessProbe"}}
}

test_patient_probe_passes if {
	found := too_eager.deny with input as _input([_set("period_seconds", 10), _set("failure_threshold", 1)])
	found == set()
}

test_container_without_liveness_probe_passes if {
	found := too_eager.deny with input as _input([{"op": "replace", "path": "/probes/liveness", "value": null}])
	found == set()
}
