package rules.availability.autoscaler_minimum_too_low_test

import data.rules.availability.autoscaler_minimum_too_low
import data.testing.availability

_autoscaler(changes) := object.union(
	availability.autoscaler({"params": {"availability.autoscaler_minimum_too_low": {"minimum": 2}}}),
	changes,
)

test_one_replica_is_denied if {
	found := autoscaler_minimum_too_low.deny with input as _autoscaler({"min_replicas": 1})
	found == {{"msg": "may leave 1 of the Pods behind web", "at": "spec.minReplicas"}}
}

test_the_default_is_denied if {
	found := autoscaler_minimum_too_low.deny with input as _autoscaler({"min_replicas": null})
	found == {{"msg": "may leave 1 of the Pods behind web", "at": "spec.minReplicas"}}
}

test_two_replicas_pass if {
	found := autoscaler_minimum_too_low.deny with input as _autoscaler({})
	found == set()
}

test_scaling_to_zero_is_meant if {
	found := autoscaler_minimum_too_low.deny with input as _autoscaler({"min_replicas": 0})
	found == set()
}

test_what_serves_nobody_passes if {
	found := autoscaler_minimum_too_low.deny with input as _autoscaler({"min_replicas": 1, "target_services": []})
	found == set()
}
