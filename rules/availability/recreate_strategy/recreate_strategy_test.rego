package rules.availability.recreate_strategy_test

import data.rules.availability.recreate_strategy
import data.testing.availability

test_replicas_that_are_recreated_are_denied if {
	found := recreate_strategy.deny with input as availability.deployment({"rollout": {"strategy": "Recreate"}})
	found == {{"msg": "stops all Pods behind web before it starts new ones", "at": "spec.strategy.type"}}
}

test_a_rolling_update_passes if {
	found := recreate_strategy.deny with input as availability.deployment({})
	found == set()
}

test_one_replica_may_be_recreated if {
	found := recreate_strategy.deny with input as availability.deployment({"rollout": {"strategy": "Recreate"}, "scaling": {"minimum": 1}})
	found == set()
}

test_what_serves_nobody_may_be_recreated if {
	found := recreate_strategy.deny with input as availability.deployment({"rollout": {"strategy": "Recreate"}, "applied_with": {"services": []}})
	found == set()
}

test_another_kind_passes if {
	found := recreate_strategy.deny with input as availability.deployment({"rollout": {"strategy": "Recreate"}, "kind": "StatefulSet"})
	found == set()
}
