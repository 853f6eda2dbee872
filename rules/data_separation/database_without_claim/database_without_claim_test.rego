package rules.data_separation.database_without_claim_test

import data.rules.data_separation.database_without_claim
import data.testing.storage

_database(image, change) := object.union(
	storage.database("StatefulSet", image, {}),
	object.union({"params": {"data_separation.database_without_claim": {"databases": ["postgres"]}}}, change),
)

_container(change) := {"containers": [object.union(_database("postgres", {}).containers[0], change)]}

test_database_without_volume_is_denied if {
	found := database_without_claim.deny with input as _database("library/postgres", {})
	found == {{"msg": "database db keeps its data inside of the container", "at": "containers[db]"}}
}

test_other_image_passes if {
	found := database_without_claim.deny with input as _database("library/web", {})
	found == set()
}

test_claim_passes if {
	found := database_without_claim.deny with input as _database("postgres", {"storage": {"outlives_pod": true}})
	found == set()
}

test_empty_dir_is_left_to_its_own_rule if {
	mounted := {"storage": {"volumes": [storage.volume({"type": "empty_dir"})]}}
	found := database_without_claim.deny with input as _database("postgres", mounted)
	found == set()
}

test_job_passes if {
	found := database_without_claim.deny with input as _database("postgres", {"runs_to_completion": true})
	found == set()
}

test_client_of_the_same_image_passes if {
	found := database_without_claim.deny with input as _database("postgres", _container({"command": ["psql"]}))
	found == set()
}

test_init_container_passes if {
	found := database_without_claim.deny with input as _database("postgres", _container({"kind": "init"}))
	found == set()
}
