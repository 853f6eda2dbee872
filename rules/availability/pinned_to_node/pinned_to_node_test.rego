package rules.availability.pinned_to_node_test

import data.rules.availability.pinned_to_node
import data.testing.availability

_node(changes) := object.union(availability.deployment({"scheduling": {"node_name": "node-1"}}), changes)

test_a_node_by_name_is_denied if {
	found := pinned_to_node.deny with input as _node({})
	found == {{"msg": "runs on node node-1 or nowhere", "at": "spec.template.spec.nodeName"}}
}

test_a_pod_in_a_file_is_denied if {
	found := pinned_to_node.deny with input as _node({"kind": "Pod", "pod": {"at": "spec"}})
	found == {{"msg": "runs on node node-1 or nowhere", "at": "spec.nodeName"}}
}

test_a_pod_in_a_cluster_passes if {
	found := pinned_to_node.deny with input as _node({"kind": "Pod", "inventory": "complete"})
	found == set()
}

test_a_pod_of_a_controller_passes if {
	found := pinned_to_node.deny with input as _node({"kind": "Pod", "owners": ["ReplicaSet/web"]})
	found == set()
}

test_no_node_passes if {
	found := pinned_to_node.deny with input as availability.deployment({})
	found == set()
}
