package rules.pod_security.host_pid_test

import data.rules.pod_security.host_pid
import data.testing.pod_security

test_shared_namespace_is_denied if {
	found := host_pid.deny with input as pod_security.deployment({"pod": {"host_pid": true}})
	found == {{"msg": "the Pod shares the process namespace of its node", "at": "spec.template.spec.hostPID"}}
}

test_own_namespace_passes if {
	found := host_pid.deny with input as pod_security.deployment({"pod": {"host_pid": false}})
	found == set()
}
