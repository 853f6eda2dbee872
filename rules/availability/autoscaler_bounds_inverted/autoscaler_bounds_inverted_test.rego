package rules.availability.autoscaler_bounds_inverted_test

import data.rules.availability.autoscaler_bounds_inverted
import data.testing.availability

test_a_minimum_above_the_maximum_is_denied if {
	found := autoscaler_bounds_inverted.deny with input as availability.autoscaler({"min_replicas": 11})
	found == {{"msg": "maxReplicas 10 is below minReplicas 11", "at": "spec.maxReplicas"}}
}

test_a_minimum_of_the_maximum_passes if {
	found := autoscaler_bounds_inverted.deny with input as availability.autoscaler({"min_replicas": 10})
	found == set()
}

test_no_minimum_passes if {
	found := autoscaler_bounds_inverted.deny with input as availability.autoscaler({"min_replicas": null})
	found == set()
}

test_no_maximum_passes if {
	found := autoscaler_bounds_inverted.deny with input as availability.autoscaler({"max_replicas": null})
	found == set()
}
