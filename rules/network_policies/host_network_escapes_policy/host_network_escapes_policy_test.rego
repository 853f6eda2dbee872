package rules.network_policies.host_network_escapes_policy_test

import data.rules.network_policies.host_network_escapes_policy
import data.testing.network_policy

_policy(workloads) := object.union(network_policy.policy, {"selected_on_host_network": workloads})

test_workload_on_the_host_network_is_denied if {
	found := host_network_escapes_policy.deny with input as _policy(["DaemonSet/exporter"])
	found == {{"msg": "does not hold for DaemonSet/exporter, whose Pods use the host network", "at": "spec.podSelector"}}
}

test_other_workload_passes if {
	found := host_network_escapes_policy.deny with input as _policy([])
	found == set()
}

test_policy_for_the_whole_namespace_passes if {
	found := host_network_escapes_policy.deny with input as object.union(_policy(["DaemonSet/exporter"]), {"selects_all": true})
	found == set()
}
