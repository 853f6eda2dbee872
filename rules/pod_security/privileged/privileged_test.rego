package rules.pod_security.privileged_test

import data.rules.pod_security.privileged
import data.testing.pod_security

test_privileged_container_is_denied if {
	found := privileged.deny with input as pod_security.deployment({"containers": [pod_security.container({"privileged": {"value": true}})]})
	found == {{"msg": "container web is privileged", "at": "containers[web].securityContext.privileged"}}
}

test_container_that_says_no_passes if {
	found := privileged.deny with input as pod_security.deployment({"containers": [pod_security.container({"privileged": {"value": false}})]})
	found == set()
}

test_container_that_says_nothing_passes if {
	found := privileged.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}
