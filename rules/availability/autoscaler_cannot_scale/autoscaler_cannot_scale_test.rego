package rules.availability.autoscaler_cannot_scale_test

import data.rules.availability.autoscaler_cannot_scale
import data.testing.availability

test_no_room_is_denied if {
	found := autoscaler_cannot_scale.deny with input as availability.autoscaler({"min_replicas": 10})
	found == {{"msg": "always keeps 10 replicas", "at": "spec.maxReplicas"}}
}

test_no_room_above_the_default_is_denied if {
	found := autoscaler_cannot_scale.deny with input as availability.autoscaler({"min_replicas": null, "max_replicas": 1})
	found == {{"msg": "always keeps 1 replicas", "at": "spec.maxReplicas"}}
}

test_room_passes if {
	found := autoscaler_cannot_scale.deny with input as availability.autoscaler({})
	found == set()
}

test_no_maximum_passes if {
	found := autoscaler_cannot_scale.deny with input as availability.autoscaler({"max_replicas": null, "min_replicas": null})
	found == set()
}
