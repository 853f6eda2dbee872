package rules.pod_security.host_port_test

import data.rules.pod_security.host_port
import data.testing.pod_security

_on_port(number) := pod_security.deployment({"containers": [object.union(
	pod_security.container({}),
	{"ports": [{"name": "http", "container_port": 8080, "host_port": number, "protocol": "TCP"}]},
)]})

test_host_port_is_denied if {
	found := host_port.deny with input as _on_port(80)
	found == {{"msg": "container web takes port 80 of its node", "at": "containers[web].ports"}}
}

test_port_without_host_port_passes if {
	found := host_port.deny with input as _on_port(null)
	found == set()
}

test_host_port_zero_is_none if {
	found := host_port.deny with input as _on_port(0)
	found == set()
}

test_pod_in_the_network_of_its_node_is_left_to_another_rule if {
	found := host_port.deny with input as object.union(_on_port(80), {"pod": {"host_network": true}})
	found == set()
}
