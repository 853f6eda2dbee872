package rules.pod_security.low_group_id_test

import data.rules.pod_security.low_group_id
import data.testing.pod_security

test_low_number_is_denied if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"contexts": [pod_security.pod_context({"run_as_group": 1000})]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == {{"msg": "the Pod runs as group 1000, below 10000", "at": "spec.template.spec.securityContext.runAsGroup"}}
}

test_number_from_the_minimum_on_passes if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"contexts": [pod_security.pod_context({"run_as_group": 10000})]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == set()
}

test_nothing_said_passes if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"contexts": [pod_security.pod_context({"run_as_group": null})]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == set()
}

test_group_of_root_is_denied if {
	found := low_group_id.deny with input as object.union(pod_security.differs({"contexts": [pod_security.pod_context({"run_as_group": 0})]}), {"params": {"pod_security.low_group_id": {"minimum": 10000}}})
	found == {{"msg": "the Pod runs as group 0, below 10000", "at": "spec.template.spec.securityContext.runAsGroup"}}
}
