package rules.pod_security.added_capabilities_test

import data.rules.pod_security.added_capabilities
import data.testing.pod_security

test_such_a_capability_is_denied if {
	found := added_capabilities.deny with input as pod_security.differs({"capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[SYS_TIME]", "name": "SYS_TIME", "gives": "more"}]})
	found == {{"msg": "container web adds SYS_TIME", "at": "containers[web].securityContext.capabilities.add[SYS_TIME]"}}
}

test_capability_of_another_kind_is_left_to_another_rule if {
	found := added_capabilities.deny with input as pod_security.differs({"capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[CHOWN]", "name": "CHOWN", "gives": "runtime_default"}]})
	found == set()
}
