package rules.network_policies.selects_nothing_test

import data.rules.network_policies.selects_nothing

_policy := {
	"policy_types": ["Ingress"],
	"selects_all": false,
	"selected": ["Deployment/web"],
	"workloads_in_namespace": 1,
	"ingress": [{"at": "spec.ingress[0]", "any_peer": false, "any_port": true}],
	"egress": [],
}

test_policy_that_selects_nothing_is_denied if {
	found := selects_nothing.deny with input as object.union(_policy, {"selected": [], "inventory": "complete"})
	found == {{"msg": "selects none of the workloads of its namespace", "at": "spec.podSelector"}}
}

test_policy_that_selects_a_workload_passes if {
	found := selects_nothing.deny with input as object.union(_policy, {"inventory": "partial"})
	found == set()
}

test_default_deny_passes if {
	found := selects_nothing.deny with input as object.union(_policy, {"selected": [], "selects_all": true, "inventory": "partial"})
	found == set()
}

test_policy_beside_no_workload_passes if {
	found := selects_nothing.deny with input as object.union(_policy, {
		"selected": [],
		"workloads_in_namespace": 0,
		"inventory": "partial",
	})
	found == set()
}
