package rules.pod_security.proc_mount_unmasked_test

import data.rules.pod_security.proc_mount_unmasked
import data.testing.pod_security

test_unmasked_proc_is_denied if {
	found := proc_mount_unmasked.deny with input as pod_security.deployment({"containers": [pod_security.container({"proc_mount": {"value": "Unmasked"}})]})
	found == {{"msg": "container web mounts /proc without its masks", "at": "containers[web].securityContext.procMount"}}
}

test_default_passes if {
	found := proc_mount_unmasked.deny with input as pod_security.deployment({"containers": [pod_security.container({"proc_mount": {"value": "Default"}})]})
	found == set()
}

test_nothing_said_passes if {
	found := proc_mount_unmasked.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}

test_user_namespace_is_left_to_another_rule if {
	found := proc_mount_unmasked.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"proc_mount": {"value": "Unmasked"}})]}), {"pod_security": {"asks": {"masked_proc": false}}})
	found == set()
}
