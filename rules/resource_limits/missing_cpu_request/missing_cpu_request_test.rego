package rules.resource_limits.missing_cpu_request_test

import data.rules.resource_limits.missing_cpu_request
import data.testing.workload

_without := [{"op": "replace", "path": "/resources/requests/cpu", "value": null}]

test_container_without_cpu_request_is_denied if {
	found := missing_cpu_request.deny with input as workload.deployment(_without)
	found == {{"msg": "container web has no CPU request", "at": "containers[web]"}}
}

test_container_with_cpu_request_passes if {
	found := missing_cpu_request.deny with input as workload.deployment([])
	found == set()
}

test_init_container_passes if {
	patch := array.concat(_without, [{"op": "replace", "path": "/kind", "value": "init"}])
	found := missing_cpu_request.deny with input as workload.deployment(patch)
	found == set()
}

_shared(names) := json.patch(workload.deployment(_without), [{"op": "replace", "path": "/pod/resources/requests", "value": names}])

test_request_of_the_whole_pod_passes if {
	found := missing_cpu_request.deny with input as _shared(["cpu"])
	found == set()
}

test_other_request_of_the_whole_pod_is_denied if {
	found := missing_cpu_request.deny with input as _shared(["memory"])
	count(found) == 1
}
