package rules.availability.never_evicted_test

import data.rules.availability.never_evicted
import data.testing.availability

_tolerant(changes) := object.union(availability.deployment({"scheduling": {"never_evicted": true}}), changes)

test_a_toleration_of_everything_is_denied if {
	found := never_evicted.deny with input as _tolerant({})
	found == {{"msg": "tolerates every taint, that of a dead node too", "at": "spec.template.spec.tolerations"}}
}

test_a_daemon_set_passes if {
	found := never_evicted.deny with input as _tolerant({"kind": "DaemonSet"})
	found == set()
}

test_a_replica_set_of_a_deployment_passes if {
	found := never_evicted.deny with input as _tolerant({"owners": ["Deployment/web"]})
	found == set()
}

test_what_uses_the_hosts_network_passes if {
	found := never_evicted.deny with input as _tolerant({"pod": {"host_network": true}})
	found == set()
}

test_what_belongs_to_the_cluster_passes if {
	found := never_evicted.deny with input as _tolerant({"namespace": "kube-system"})
	found == set()
}

test_other_tolerations_pass if {
	found := never_evicted.deny with input as availability.deployment({})
	found == set()
}
