package rules.pod_security.runs_as_root_user_test

import data.rules.pod_security.runs_as_root_user
import data.testing.pod_security

test_user_0_is_denied if {
	found := runs_as_root_user.deny with input as pod_security.differs({"contexts": [pod_security.container_context({"run_as_user": 0})]})
	found == {{"msg": "container web runs as root", "at": "containers[web].securityContext.runAsUser"}}
}

test_another_user_passes if {
	found := runs_as_root_user.deny with input as pod_security.differs({"contexts": [pod_security.container_context({"run_as_user": 1})]})
	found == set()
}

test_standard_that_does_not_ask_is_not_applied if {
	found := runs_as_root_user.deny with input as pod_security.differs({"asks": {"non_root_user": false}, "contexts": [pod_security.container_context({"run_as_user": 0})]})
	found == set()
}
