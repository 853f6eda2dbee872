package rules.probes.identical_probes_test

import data.rules.probes.identical_probes
import data.testing.workload

_same := [{"op": "replace", "path": "/probes/liveness/path", "value": "/readyz"}]

test_probes_that_ask_the_same_are_denied if {
	found := identical_probes.deny with input as workload.deployment(_same)
	found == {{
		"msg": "container web has a liveness probe that asks the same as its readiness probe",
		"at": "containers[web].livenessProbe",
	}}
}

test_probes_that_differ_in_path_pass if {
	found := identical_probes.deny with input as workload.deployment([])
	found == set()
}

test_container_without_liveness_probe_passes if {
	found := identical_probes.deny with input as workload.deployment([{"op": "replace", "path": "/probes/liveness", "value": null}])
	found == set()
}
