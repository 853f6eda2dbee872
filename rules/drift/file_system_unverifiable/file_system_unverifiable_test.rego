package rules.drift.file_system_unverifiable_test

import data.rules.drift.file_system_unverifiable
import data.testing.live_object

test_writable_places_are_denied if {
	found := file_system_unverifiable.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"file_system": {
					"writes": "unverifiable",
					"writable": [{"path": "/", "kind": "root"}, {"path": "/data", "kind": "persistentVolumeClaim"}],
					"scratch": [],
				},
			}),
		],
	})
	found == {{
		"msg": concat("", [
			"what container web may have written cannot be seen from outside: ",
			"/ (root), /data (persistentVolumeClaim)",
		]),
		"at": "containers[web]",
	}}
}

test_read_only_root_with_scratch_passes if {
	found := file_system_unverifiable.deny with input as live_object.facts({})
	found == set()
}

test_object_without_pods_passes if {
	found := file_system_unverifiable.deny with input as live_object.facts({"/workload": null})
	found == set()
}
