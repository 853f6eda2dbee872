package rules.data_separation.host_path_data_test

import data.rules.data_separation.host_path_data
import data.testing.storage

_keeping(kind, path, read_only) := object.union(
	storage.database(kind, "web", {"volumes": [storage.volume({
		"type": "host_path",
		"host_path": path,
		"mounts": [{"container": "db", "mount_path": "/data", "read_only": read_only}],
	})]}),
	{"params": {"data_separation.host_path_data": {"system": ["/var/run", "/etc"]}}},
)

test_data_on_the_node_is_denied if {
	found := host_path_data.deny with input as _keeping("Deployment", "/srv/db", false)
	found == {{"msg": "container db keeps data in /srv/db of the node", "at": "spec.template.spec.volumes[data]"}}
}

test_path_of_the_system_passes if {
	found := host_path_data.deny with input as _keeping("Deployment", "/var/run/docker.sock", false)
	found == set()
}

test_folder_that_only_begins_alike_is_denied if {
	found := host_path_data.deny with input as _keeping("Deployment", "/etcd", false)
	found == {{"msg": "container db keeps data in /etcd of the node", "at": "spec.template.spec.volumes[data]"}}
}

test_whole_node_is_left_to_other_rules if {
	found := host_path_data.deny with input as _keeping("Deployment", "/", false)
	found == set()
}

test_mount_for_reading_passes if {
	found := host_path_data.deny with input as _keeping("Deployment", "/srv/db", true)
	found == set()
}

test_daemon_set_passes if {
	found := host_path_data.deny with input as _keeping("DaemonSet", "/srv/db", false)
	found == set()
}

test_claim_passes if {
	claimed := storage.database("Deployment", "web", {"volumes": [storage.volume({})]})
	found := host_path_data.deny with input as object.union(claimed, {"params": {"data_separation.host_path_data": {"system": []}}})
	found == set()
}
