package rules.pod_security.proc_mount_in_user_namespace_test

import data.rules.pod_security.proc_mount_in_user_namespace
import data.testing.pod_security

test_unmasked_proc_is_denied if {
	found := proc_mount_in_user_namespace.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"proc_mount": {"value": "Unmasked"}})]}), {"pod_security": {"asks": {"masked_proc": false}}})
	found == {{"msg": "container web mounts /proc without its masks", "at": "containers[web].securityContext.procMount"}}
}

test_default_passes if {
	found := proc_mount_in_user_namespace.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"proc_mount": {"value": "Default"}})]}), {"pod_security": {"asks": {"masked_proc": false}}})
	found == set()
}

test_no_user_namespace_is_left_to_another_rule if {
	found := proc_mount_in_user_namespace.deny with input as pod_security.deployment({"containers": [pod_security.container({"proc_mount": {"value": "Unmasked"}})]})
	found == set()
}
