package rules.availability.single_replica_test

import data.rules.availability.single_replica
import data.testing.availability
import data.testing.workload

_deployment(changes, minimum) := object.union(
	availability.deployment({"scaling": {"minimum": 1}, "params": {"availability.single_replica": {"minimum": minimum}}}),
	changes,
)

test_one_replica_behind_a_service_is_denied if {
	found := single_replica.deny with input as _deployment({}, 2)
	found == {{"msg": "1 replica is behind web, and no autoscaler among the scanned files adds more", "at": "spec.replicas"}}
}

test_too_few_replicas_in_a_cluster_are_denied if {
	found := single_replica.deny with input as _deployment({"scaling": {"minimum": 2}, "inventory": "complete"}, 3)
	found == {{"msg": "2 replicas are behind web, and no autoscaler adds more", "at": "spec.replicas"}}
}

test_two_replicas_pass if {
	found := single_replica.deny with input as _deployment({"scaling": {"minimum": 2}}, 2)
	found == set()
}

test_no_service_passes if {
	found := single_replica.deny with input as _deployment({"applied_with": {"services": []}}, 2)
	found == set()
}

test_an_autoscaler_passes if {
	found := single_replica.deny with input as _deployment({"scaling": {"source": "autoscaler"}}, 2)
	found == set()
}

test_scaled_to_zero_passes if {
	found := single_replica.deny with input as _deployment({"scaling": {"minimum": 0}}, 2)
	found == set()
}

test_a_stateful_set_passes if {
	found := single_replica.deny with input as _deployment({"kind": "StatefulSet"}, 2)
	found == set()
}

test_what_is_recreated_may_only_run_once if {
	found := single_replica.deny with input as _deployment({"rollout": {"strategy": "Recreate"}}, 2)
	found == set()
}

test_a_database_may_only_run_once if {
	found := single_replica.deny with input as _deployment({"containers": [object.union(workload.container, {"image": {"repository": "library/redis"}})]}, 2)
	found == set()
}

test_a_name_like_a_database_is_denied if {
	found := single_replica.deny with input as _deployment({"containers": [object.union(workload.container, {"image": {"repository": "redis/exporter"}})]}, 2)
	found == {{"msg": "1 replica is behind web, and no autoscaler among the scanned files adds more", "at": "spec.replicas"}}
}

test_what_keeps_a_volume_may_only_run_once if {
	found := single_replica.deny with input as _deployment({"pod": {"volumes": [{"name": "data", "type": "persistentVolumeClaim"}]}}, 2)
	found == set()
}
