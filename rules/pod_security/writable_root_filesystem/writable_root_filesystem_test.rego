package rules.pod_security.writable_root_filesystem_test

import data.rules.pod_security.writable_root_filesystem
import data.testing.pod_security

test_nothing_said_is_denied if {
	found := writable_root_filesystem.deny with input as pod_security.deployment({"containers": [pod_security.container({"read_only_root_filesystem": {"value": null}})]})
	found == {{"msg": "container web can write to its root file system", "at": "containers[web]"}}
}

test_writable_is_denied if {
	found := writable_root_filesystem.deny with input as pod_security.deployment({"containers": [pod_security.container({"read_only_root_filesystem": {"value": false}})]})
	found == {{"msg": "container web can write to its root file system", "at": "containers[web]"}}
}

test_read_only_passes if {
	found := writable_root_filesystem.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}

test_init_container_ends_before_anybody_can_use_it if {
	found := writable_root_filesystem.deny with input as pod_security.deployment({"containers": [object.union(pod_security.container({"read_only_root_filesystem": {"value": null}}), {"kind": "init"})]})
	found == set()
}

test_windows_has_no_such_setting if {
	found := writable_root_filesystem.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"read_only_root_filesystem": {"value": null}})]}), {"pod_security": {"windows": true}})
	found == set()
}
