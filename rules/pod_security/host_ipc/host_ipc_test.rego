package rules.pod_security.host_ipc_test

import data.rules.pod_security.host_ipc
import data.testing.pod_security

test_shared_namespace_is_denied if {
	found := host_ipc.deny with input as pod_security.deployment({"pod": {"host_ipc": true}})
	found == {{"msg": "the Pod shares the IPC namespace of its node", "at": "spec.template.spec.hostIPC"}}
}

test_own_namespace_passes if {
	found := host_ipc.deny with input as pod_security.deployment({"pod": {"host_ipc": false}})
	found == set()
}
