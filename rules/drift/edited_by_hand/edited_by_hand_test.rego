package rules.drift.edited_by_hand_test

import data.rules.drift.edited_by_hand
import data.testing.live_object

test_hand_edit_is_denied if {
	found := edited_by_hand.deny with input as live_object.facts({
		"/managers": [
			{
				"name": "kubectl-edit",
				"operation": "Update",
				"allowed": false,
				"time": "2026-11-18T16:40:00Z",
				"age_days": 1,
				"fields": ["spec.template.spec.containers[web].image"],
			},
		],
	})
	found == {{
		"msg": "spec.template.spec.containers[web].image was written by kubectl-edit, last at 2026-11-18T16:40:00Z",
		"at": "fields[spec.template.spec.containers[web].image]",
	}}
}

test_time_may_be_unknown if {
	found := edited_by_hand.deny with input as live_object.facts({
		"/managers": [
			{
				"name": "kubectl-edit",
				"operation": "Update",
				"allowed": false,
				"time": null,
				"age_days": null,
				"fields": ["spec.template.spec.containers[web].image"],
			},
		],
	})
	found == {{
		"msg": "spec.template.spec.containers[web].image was written by kubectl-edit",
		"at": "fields[spec.template.spec.containers[web].image]",
	}}
}

test_allowed_manager_passes if {
	found := edited_by_hand.deny with input as live_object.facts({})
	found == set()
}
