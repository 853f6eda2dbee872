package rules.resource_limits.missing_ephemeral_storage_limit_test

import data.rules.resource_limits.missing_ephemeral_storage_limit
import data.testing.workload

_storage(amount) := {"op": "replace", "path": "/resources/limits/ephemeral_storage", "value": amount}

test_container_without_limit_is_denied if {
	found := missing_ephemeral_storage_limit.deny with input as workload.deployment([_storage(null)])
	found == {{"msg": "container web has no ephemeral storage limit", "at": "containers[web]"}}
}

test_container_with_limit_passes if {
	found := missing_ephemeral_storage_limit.deny with input as workload.deployment([_storage({"text": "1Gi", "value": 1073741824})])
	found == set()
}

test_init_container_passes if {
	found := missing_ephemeral_storage_limit.deny with input as workload.deployment([_storage(null), {"op": "replace", "path": "/kind", "value": "init"}])
	found == set()
}
