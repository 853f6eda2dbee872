package rules.probes.unknown_port_test

import data.rules.probes.unknown_port
import data.testing.workload

_named(number) := [{"op": "replace", "path": "/probes/readiness/port", "value": {"text": "http", "number": number}}]

test_probe_on_undeclared_port_name_is_denied if {
	found := unknown_port.deny with input as workload.deployment(_named(null))
	found == {{
		"msg": "container web has a readiness probe on port http, which it does not declare",
		"at": "containers[web].readinessProbe",
	}}
}

test_probe_on_declared_port_name_passes if {
	found := unknown_port.deny with input as workload.deployment(_named(8080))
	found == set()
}

test_probe_that_runs_a_command_has_no_port if {
	found := unknown_port.deny with input as workload.deployment([{"op": "replace", "path": "/probes/readiness/port", "value": null}])
	found == set()
}
