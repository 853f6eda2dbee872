package rules.pod_security.default_capability_added_test

import data.rules.pod_security.default_capability_added
import data.testing.pod_security

test_such_a_capability_is_denied if {
	found := default_capability_added.deny with input as pod_security.differs({"capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[CHOWN]", "name": "CHOWN", "gives": "runtime_default"}]})
	found == {{"msg": "container web adds CHOWN", "at": "containers[web].securityContext.capabilities.add[CHOWN]"}}
}

test_capability_of_another_kind_is_left_to_another_rule if {
	found := default_capability_added.deny with input as pod_security.differs({"capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[NET_BIND_SERVICE]", "name": "NET_BIND_SERVICE", "gives": "low_ports"}]})
	found == set()
}

test_standard_that_does_not_ask_is_not_applied if {
	found := default_capability_added.deny with input as pod_security.differs({"asks": {"capabilities": false}, "capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[CHOWN]", "name": "CHOWN", "gives": "runtime_default"}]})
	found == set()
}
