package rules.availability.autoscaler_without_target_test

import data.rules.availability.autoscaler_without_target
import data.testing.availability

_lost(changes) := object.union(availability.autoscaler({"target": {"found": false}}), changes)

test_a_target_that_was_not_read_is_denied if {
	found := autoscaler_without_target.deny with input as _lost({})
	found == {{"msg": "scales Deployment/web, which is not among the scanned files", "at": "spec.scaleTargetRef"}}
}

test_a_target_that_does_not_exist_is_denied if {
	found := autoscaler_without_target.deny with input as _lost({"inventory": "complete", "workloads_in_namespace": 0})
	found == {{"msg": "scales Deployment/web, which is not in its namespace", "at": "spec.scaleTargetRef"}}
}

test_a_file_without_workloads_passes if {
	found := autoscaler_without_target.deny with input as _lost({"workloads_in_namespace": 0})
	found == set()
}

test_a_custom_resource_may_make_the_target if {
	found := autoscaler_without_target.deny with input as _lost({"custom_resources_in_namespace": 1})
	found == set()
}

test_a_target_passes if {
	found := autoscaler_without_target.deny with input as availability.autoscaler({})
	found == set()
}

test_a_kind_that_is_not_followed_passes if {
	found := autoscaler_without_target.deny with input as availability.autoscaler({"target": {"found": null}})
	found == set()
}
