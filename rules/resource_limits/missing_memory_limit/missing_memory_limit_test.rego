package rules.resource_limits.missing_memory_limit_test

import data.rules.resource_limits.missing_memory_limit
import data.testing.workload

_without := [{"op": "replace", "path": "/resources/limits/memory", "value": null}]

test_container_without_memory_limit_is_denied if {
	found := missing_memory_limit.deny with input as workload.deployment(_without)
	found == {{"msg": "container web has no memory limit", "at": "containers[web]"}}
}

test_container_with_memory_limit_passes if {
	found := missing_memory_limit.deny with input as workload.deployment([])
	found == set()
}

test_init_container_passes if {
	patch := array.concat(_without, [{"op": "replace", "path": "/kind", "value": "init"}])
	found := missing_memory_limit.deny with input as workload.deployment(patch)
	found == set()
}

_shared(names) := json.patch(workload.deployment(_without), [{"op": "replace", "path": "/pod/resources/limits", "value": names}])

test_limit_of_the_whole_pod_passes if {
	found := missing_memory_limit.deny with input as _shared(["memory"])
	found == set()
}

test_other_limit_of_the_whole_pod_is_denied if {
	found := missing_memory_limit.deny with input as _shared(["cpu"])
	count(found) == 1
}
