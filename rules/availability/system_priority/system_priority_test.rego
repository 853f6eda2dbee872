package rules.availability.system_priority_test

import data.rules.availability.system_priority
import data.testing.availability

_class(changes) := object.union(availability.deployment({"scheduling": {"priority_class_name": "system-cluster-critical"}}), changes)

test_a_system_class_is_denied if {
	found := system_priority.deny with input as _class({})
	found == {{"msg": "takes system-cluster-critical in namespace shop", "at": "spec.template.spec.priorityClassName"}}
}

test_another_class_passes if {
	found := system_priority.deny with input as _class({"scheduling": {"priority_class_name": "business-critical"}})
	found == set()
}

test_a_node_agent_passes if {
	found := system_priority.deny with input as _class({"kind": "DaemonSet"})
	found == set()
}

test_a_pod_of_a_node_agent_passes if {
	found := system_priority.deny with input as _class({"kind": "Pod", "owners": ["DaemonSet/agent"]})
	found == set()
}

test_a_system_namespace_passes if {
	found := system_priority.deny with input as _class({"namespace": "kube-system"})
	found == set()
}

test_an_unknown_namespace_passes if {
	found := system_priority.deny with input as _class({"namespace": null})
	found == set()
}
