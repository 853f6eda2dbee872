package rules.pod_security.low_user_id_test

import data.rules.pod_security.low_user_id
import data.testing.pod_security

test_low_number_is_denied if {
	found := low_user_id.deny with input as object.union(pod_security.differs({"users": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsUser", "number": 1000}]}), {"params": {"pod_security.low_user_id": {"minimum": 10000}}})
	found == {{"msg": "the Pod runs as user 1000, below 10000", "at": "spec.template.spec.securityContext.runAsUser"}}
}

test_number_from_the_minimum_on_passes if {
	found := low_user_id.deny with input as object.union(pod_security.differs({"users": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsUser", "number": 10000}]}), {"params": {"pod_security.low_user_id": {"minimum": 10000}}})
	found == set()
}

test_nothing_said_passes if {
	found := low_user_id.deny with input as pod_security.differs({"users": []})
	found == set()
}

test_user_namespace_maps_numbers_to_high_ones if {
	found := low_user_id.deny with input as object.union(object.union(pod_security.differs({"users": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsUser", "number": 1000}]}), {"params": {"pod_security.low_user_id": {"minimum": 10000}}}), {"pod_security": {"user_namespace": true}})
	found == set()
}

test_root_is_left_to_another_rule if {
	found := low_user_id.deny with input as object.union(pod_security.differs({"users": [{"of": "the Pod", "at": "spec.template.spec.securityContext.runAsUser", "number": 0}]}), {"params": {"pod_security.low_user_id": {"minimum": 10000}}})
	found == set()
}
