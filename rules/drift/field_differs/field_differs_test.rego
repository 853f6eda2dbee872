package rules.drift.field_differs_test

import data.rules.drift.field_differs
import data.testing.live_object

test_other_value_is_denied if {
	found := field_differs.deny with input as live_object.facts({
		"/field_differs": [
			{
				"path": "spec.template.spec.containers[web].resources.limits.memory",
				"declared": "\"256Mi\"",
				"live": "\"2Gi\"",
				"manager": "kubectl-edit",
				"time": "2026-11-18T16:40:00Z",
			},
		],
	})
	found == {{
		"msg": "spec.template.spec.containers[web].resources.limits.memory is \"2Gi\", and declared as \"256Mi\"; kubectl-edit wrote it",
		"at": "fields[spec.template.spec.containers[web].resources.limits.memory]",
	}}
}

test_added_field_by_nobody_on_record_is_denied if {
	found := field_differs.deny with input as live_object.facts({
		"/field_differs": [
			{
				"path": "spec.template.spec.containers[web].resources.limits.memory",
				"declared": null,
				"live": "\"2Gi\"",
				"manager": null,
				"time": null,
			},
		],
	})
	found == {{
		"msg": "spec.template.spec.containers[web].resources.limits.memory is \"2Gi\", and declared as absent",
		"at": "fields[spec.template.spec.containers[web].resources.limits.memory]",
	}}
}

test_equal_object_passes if {
	found := field_differs.deny with input as live_object.facts({})
	found == set()
}
