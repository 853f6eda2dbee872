package rules.pod_security.host_network_test

import data.rules.pod_security.host_network
import data.testing.pod_security

test_shared_namespace_is_denied if {
	found := host_network.deny with input as pod_security.deployment({"pod": {"host_network": true}})
	found == {{"msg": "the Pod shares the network namespace of its node", "at": "spec.template.spec.hostNetwork"}}
}

test_own_namespace_passes if {
	found := host_network.deny with input as pod_security.deployment({"pod": {"host_network": false}})
	found == set()
}
