package rules.pod_security.low_group_id_test

import data.rules.pod_security.low_group_id
import data.testing.pod_security

test_low_number_is_denied if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"groups": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsGroup", "number": 1000}]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == {{"msg": "the Pod runs as group 1000, below 10000", "at": "spec.template.spec.securityContext.runAsGroup"}}
}

test_number_from_the_minimum_on_passes if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"groups": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsGroup", "number": 10000}]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == set()
}

test_nothing_said_passes if {
	found := low_group_id.deny with input as pod_security.differs({"groups": []})
	found == set()
}

test_user_namespace_maps_numbers_to_high_ones if {
	found := low_group_id.deny with input as object.union(object.union(pod_security.differs({"groups": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsGroup", "number": 1000}]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}}), {"pod_security": {"user_namespace": true}})
	found == set()
}

test_group_of_root_is_denied if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"groups": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsGroup", "number": 0}]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == {{"msg": "the Pod runs as group 0, below 10000", "at": "spec.template.spec.securityContext.runAsGroup"}}
}
