package rules.drift.replicas_differ_test

import data.rules.drift.replicas_differ
import data.testing.live_object

test_other_number_is_denied if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {
			"declared": 3,
			"live": 5,
			"autoscaler": null,
			"scaled_by": {"manager": "kubectl", "time": null, "by_hand": true},
		},
	})
	found == {{"msg": "Deployment web is scaled to 5 instead of 3; kubectl wrote it by hand", "at": "spec.replicas"}}
}

test_other_number_of_a_controller_is_denied if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {
			"declared": 3,
			"live": 5,
			"autoscaler": null,
			"scaled_by": {"manager": "keda-operator", "time": null, "by_hand": false},
		},
	})
	found == {{"msg": "Deployment web is scaled to 5 instead of 3; keda-operator wrote it", "at": "spec.replicas"}}
}

test_equal_number_passes if {
	found := replicas_differ.deny with input as live_object.facts({})
	found == set()
}

test_number_that_is_not_declared_passes if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {"declared": null, "live": 5, "autoscaler": null, "scaled_by": null},
	})
	found == set()
}

test_autoscaler_within_its_bounds_passes if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {
			"declared": 3,
			"live": 5,
			"autoscaler": {"kind": "HorizontalPodAutoscaler", "name": "web", "min": 2, "max": 10},
			"scaled_by": null,
		},
	})
	found == set()
}

test_number_below_the_bounds_is_denied if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {
			"declared": 3,
			"live": 1,
			"autoscaler": {"kind": "HorizontalPodAutoscaler", "name": "web", "min": 2, "max": 10},
			"scaled_by": null,
		},
	})
	found == {{
		"msg": "Deployment web is scaled to 1, outside of the bounds of HorizontalPodAutoscaler web",
		"at": "spec.replicas",
	}}
}

test_number_above_the_bounds_is_denied if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {
			"declared": 3,
			"live": 11,
			"autoscaler": {"kind": "HorizontalPodAutoscaler", "name": "web", "min": 2, "max": 10},
			"scaled_by": null,
		},
	})
	found == {{
		"msg": "Deployment web is scaled to 11, outside of the bounds of HorizontalPodAutoscaler web",
		"at": "spec.replicas",
	}}
}

test_unknown_bounds_pass if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {
			"declared": 3,
			"live": 11,
			"autoscaler": {"kind": "HorizontalPodAutoscaler", "name": "web", "min": null, "max": null},
			"scaled_by": null,
		},
	})
	found == set()
}

test_unknown_number_passes if {
	found := replicas_differ.deny with input as live_object.facts({
		"/replicas": {"declared": 3, "live": null, "autoscaler": null, "scaled_by": null},
	})
	found == set()
}

test_object_without_replicas_passes if {
	found := replicas_differ.deny with input as live_object.facts({"/replicas": null})
	found == set()
}
