package rules.resource_limits.limit_far_above_request_test

import data.rules.resource_limits.limit_far_above_request
import data.testing.workload

_limit(amount) := [{"op": "replace", "path": "/resources/limits/memory", "value": amount}]

_input(patch) := object.union(workload.deployment(patch), {"params": {"resource_limits.limit_far_above_request": {"max_memory_ratio": 4}}})

test_limit_far_above_request_is_denied if {
	found := limit_far_above_request.deny with input as _input(_limit({"text": "2Gi", "value": 2147483648}))
	found == {{"msg": "container web may use 2Gi of memory, and asks for 256Mi", "at": "containers[web].resources.limits.memory"}}
}

test_limit_at_the_ratio_passes if {
	found := limit_far_above_request.deny with input as _input(_limit({"text": "1Gi", "value": 1073741824}))
	found == set()
}

test_missing_limit_passes if {
	found := limit_far_above_request.deny with input as _input(_limit(null))
	found == set()
}

test_request_of_nothing_passes if {
	request := {"op": "replace", "path": "/resources/requests/memory", "value": {"text": "0", "value": 0}}
	found := limit_far_above_request.deny with input as _input([request])
	found == set()
}
