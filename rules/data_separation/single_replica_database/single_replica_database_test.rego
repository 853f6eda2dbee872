package rules.data_separation.single_replica_database_test

import data.rules.data_separation.single_replica_database
import data.testing.storage

_database(kind, image, change) := object.union(
	storage.database(kind, image, {}),
	object.union({"params": {"data_separation.single_replica_database": {"databases": ["postgres"]}}}, change),
)

_denied := {{"msg": "database db has one replica", "at": "spec.replicas"}}

test_single_replica_is_denied if {
	found := single_replica_database.deny with input as _database("StatefulSet", "library/postgres", {})
	found == _denied
}

test_silence_means_one if {
	found := single_replica_database.deny with input as _database("StatefulSet", "postgres", {"replicas": null})
	found == _denied
}

test_several_replicas_pass if {
	found := single_replica_database.deny with input as _database("StatefulSet", "postgres", {"replicas": 3})
	found == set()
}

test_autoscaled_one_passes if {
	found := single_replica_database.deny with input as _database("StatefulSet", "postgres", {"autoscalers": ["db"]})
	found == set()
}

test_other_image_passes if {
	found := single_replica_database.deny with input as _database("StatefulSet", "web", {})
	found == set()
}

test_single_pod_passes if {
	found := single_replica_database.deny with input as _database("Pod", "postgres", {})
	found == set()
}

test_init_container_passes if {
	container := object.union(_database("StatefulSet", "postgres", {}).containers[0], {"kind": "init"})
	found := single_replica_database.deny with input as _database("StatefulSet", "postgres", {"containers": [container]})
	found == set()
}
