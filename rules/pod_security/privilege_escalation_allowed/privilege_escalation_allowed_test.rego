package rules.pod_security.privilege_escalation_allowed_test

import data.rules.pod_security.privilege_escalation_allowed
import data.testing.pod_security

test_nothing_said_is_denied if {
	found := privilege_escalation_allowed.deny with input as pod_security.deployment({"containers": [pod_security.container({"allow_privilege_escalation": {"value": null}})]})
	found == {{"msg": "container web may escalate its privileges", "at": "containers[web]"}}
}

test_allowed_is_denied if {
	found := privilege_escalation_allowed.deny with input as pod_security.deployment({"containers": [pod_security.container({"allow_privilege_escalation": {"value": true}})]})
	found == {{"msg": "container web may escalate its privileges", "at": "containers[web]"}}
}

test_forbidden_passes if {
	found := privilege_escalation_allowed.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}

test_privileged_container_is_left_to_another_rule if {
	found := privilege_escalation_allowed.deny with input as pod_security.deployment({"containers": [pod_security.container({"allow_privilege_escalation": {"value": null}, "privileged": {"value": true}})]})
	found == set()
}

test_standard_that_does_not_ask_is_not_applied if {
	found := privilege_escalation_allowed.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"allow_privilege_escalation": {"value": null}})]}), {"pod_security": {"asks": {"privilege_escalation": false}}})
	found == set()
}
