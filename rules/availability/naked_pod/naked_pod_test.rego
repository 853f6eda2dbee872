package rules.availability.naked_pod_test

import data.rules.availability.naked_pod
import data.testing.availability

_pod(changes) := availability.deployment(object.union({"kind": "Pod"}, changes))

test_a_pod_without_a_controller_is_denied if {
	found := naked_pod.deny with input as _pod({})
	found == {{"msg": "is a Pod without a controller that would replace it", "at": "kind"}}
}

test_a_pod_without_a_namespace_is_denied if {
	found := naked_pod.deny with input as _pod({"namespace": null})
	found == {{"msg": "is a Pod without a controller that would replace it", "at": "kind"}}
}

test_a_deployment_passes if {
	found := naked_pod.deny with input as availability.deployment({})
	found == set()
}

test_a_pod_of_a_replica_set_passes if {
	found := naked_pod.deny with input as _pod({"owners": ["ReplicaSet/web"]})
	found == set()
}

test_a_pod_that_ends_passes if {
	found := naked_pod.deny with input as _pod({"runs_to_completion": true})
	found == set()
}

test_a_pod_of_the_control_plane_passes if {
	found := naked_pod.deny with input as _pod({"namespace": "kube-system"})
	found == set()
}

test_a_hook_passes if {
	found := naked_pod.deny with input as _pod({"annotations": {"helm.sh/hook": "test"}})
	found == set()
}
