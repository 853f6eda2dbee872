package rules.network_policies.node_port_test

import data.rules.network_policies.node_port
import data.testing.service

test_node_port_is_denied if {
	found := node_port.deny with input as object.union(service.service, {"type": "NodePort"})
	found == {{"msg": "is published on a port of every node", "at": "spec.type"}}
}

test_cluster_ip_passes if {
	found := node_port.deny with input as service.service
	found == set()
}
