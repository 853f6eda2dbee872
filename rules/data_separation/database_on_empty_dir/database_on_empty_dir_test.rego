package rules.data_separation.database_on_empty_dir_test

import data.rules.data_separation.database_on_empty_dir
import data.testing.storage

_database(image, change) := object.union(
	storage.database("Deployment", image, {"volumes": [storage.volume({"type": "empty_dir"})]}),
	object.union({"params": {"data_separation.database_on_empty_dir": {"databases": ["postgres"]}}}, change),
)

_mounted(type, path, container) := {"storage": {"volumes": [storage.volume({
	"type": type,
	"mounts": [{"container": container, "mount_path": path, "read_only": false}],
})]}}

_denied := {{
	"msg": "database db keeps its data in emptyDir data, which goes with the Pod",
	"at": "spec.template.spec.volumes[data]",
}}

test_database_on_an_empty_dir_is_denied if {
	found := database_on_empty_dir.deny with input as _database("library/postgres", {})
	found == _denied
}

test_image_without_a_folder_is_denied if {
	found := database_on_empty_dir.deny with input as _database("postgres", {})
	found == _denied
}

test_other_image_passes if {
	found := database_on_empty_dir.deny with input as _database("library/postgres-exporter", {})
	found == set()
}

test_pod_with_a_claim_passes if {
	found := database_on_empty_dir.deny with input as _database("postgres", {"storage": {"outlives_pod": true}})
	found == set()
}

test_job_passes if {
	found := database_on_empty_dir.deny with input as _database("postgres", {"runs_to_completion": true})
	found == set()
}

test_init_container_passes if {
	container := object.union(_database("postgres", {}).containers[0], {"kind": "init"})
	found := database_on_empty_dir.deny with input as _database("postgres", {"containers": [container]})
	found == set()
}

test_folder_for_something_else_passes if {
	found := database_on_empty_dir.deny with input as _database("postgres", _mounted("empty_dir", "/tmp", "db"))
	found == set()
}

test_volume_of_another_container_passes if {
	found := database_on_empty_dir.deny with input as _database("postgres", _mounted("empty_dir", "/data", "web"))
	found == set()
}

test_other_volume_passes if {
	found := database_on_empty_dir.deny with input as _database("postgres", _mounted("other", "/data", "db"))
	found == set()
}
