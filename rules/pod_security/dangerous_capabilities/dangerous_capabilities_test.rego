package rules.pod_security.dangerous_capabilities_test

import data.rules.pod_security.dangerous_capabilities
import data.testing.pod_security

test_such_a_capability_is_denied if {
	found := dangerous_capabilities.deny with input as pod_security.differs({"capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[SYS_ADMIN]", "name": "SYS_ADMIN", "gives": "node"}]})
	found == {{"msg": "container web adds SYS_ADMIN, which is power over the node", "at": "containers[web].securityContext.capabilities.add[SYS_ADMIN]"}}
}

test_capability_of_another_kind_is_left_to_another_rule if {
	found := dangerous_capabilities.deny with input as pod_security.differs({"capabilities": [{"of": "container web", "at": "containers[web].securityContext.capabilities.add[SYS_TIME]", "name": "SYS_TIME", "gives": "more"}]})
	found == set()
}
