package rules.drift.configmap_changed_in_place_test

import data.rules.drift.configmap_changed_in_place
import data.testing.live_object

test_configmap_that_was_changed_is_denied if {
	found := configmap_changed_in_place.deny with input as live_object.facts({
		"/workload/configuration_changed": [
			{
				"kind": "ConfigMap",
				"name": "web-settings",
				"changed_at": "2026-11-18T16:40:00Z",
				"manager": "kubectl-edit",
				"pods": 3,
				"maintained": false,
			},
		],
	})
	found == {{
		"msg": "ConfigMap web-settings was changed at 2026-11-18T16:40:00Z, after Pods that read it had started (3)",
		"at": "configuration[ConfigMap web-settings]",
	}}
}

test_maintained_configmap_passes if {
	found := configmap_changed_in_place.deny with input as live_object.facts({
		"/workload/configuration_changed": [
			{
				"kind": "ConfigMap",
				"name": "web-settings",
				"changed_at": "2026-11-18T16:40:00Z",
				"manager": "kubectl-edit",
				"pods": 3,
				"maintained": true,
			},
		],
	})
	found == set()
}

test_secret_passes if {
	found := configmap_changed_in_place.deny with input as live_object.facts({
		"/workload/configuration_changed": [
			{
				"kind": "Secret",
				"name": "web-settings",
				"changed_at": "2026-11-18T16:40:00Z",
				"manager": "kubectl-edit",
				"pods": 3,
				"maintained": false,
			},
		],
	})
	found == set()
}

test_younger_pods_pass if {
	found := configmap_changed_in_place.deny with input as live_object.facts({
		"/workload/configuration_changed": [
			{
				"kind": "ConfigMap",
				"name": "web-settings",
				"changed_at": "2026-11-18T16:40:00Z",
				"manager": "kubectl-edit",
				"pods": 0,
				"maintained": false,
			},
		],
	})
	found == set()
}

test_unchanged_configuration_passes if {
	found := configmap_changed_in_place.deny with input as live_object.facts({})
	found == set()
}
