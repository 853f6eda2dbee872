package rules.network_policies.selects_nothing_test

import data.rules.network_policies.selects_nothing
import data.testing.network_policy

_policy(selects, inventory) := object.union(network_policy.policy, {"selects_something": selects, "inventory": inventory})

test_policy_that_selects_nothing_is_denied if {
	found := selects_nothing.deny with input as _policy(false, "complete")
	found == {{"msg": "selects none of the workloads of its namespace", "at": "spec.podSelector"}}
}

test_policy_among_files_is_told_so if {
	found := selects_nothing.deny with input as _policy(false, "partial")
	found == {{"msg": "selects none of the workloads of its namespace among the scanned files", "at": "spec.podSelector"}}
}

test_policy_that_selects_a_workload_passes if {
	found := selects_nothing.deny with input as _policy(true, "partial")
	found == set()
}

test_default_deny_passes if {
	found := selects_nothing.deny with input as object.union(_policy(false, "partial"), {"selects_all": true})
	found == set()
}

test_policy_of_which_nothing_is_known_passes if {
	found := selects_nothing.deny with input as _policy(null, "partial")
	found == set()
}
