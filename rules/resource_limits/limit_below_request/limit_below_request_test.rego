package rules.resource_limits.limit_below_request_test

import data.rules.resource_limits.limit_below_request
import data.testing.workload

_limit(amount) := [{"op": "replace", "path": "/resources/limits/memory", "value": amount}]

test_limit_below_request_is_denied if {
	found := limit_below_request.deny with input as workload.deployment(_limit({"text": "128Mi", "value": 134217728}))
	found == {{
		"msg": "container web has a memory limit of 128Mi below its request of 256Mi",
		"at": "containers[web].resources.limits.memory",
	}}
}

test_limit_equal_to_request_passes if {
	found := limit_below_request.deny with input as workload.deployment([])
	found == set()
}

test_missing_limit_passes if {
	found := limit_below_request.deny with input as workload.deployment(_limit(null))
	found == set()
}

test_limit_that_is_no_quantity_passes if {
	found := limit_below_request.deny with input as workload.deployment(_limit({"text": "lots", "value": null}))
	found == set()
}
