package rules.network_policies.allows_everything_test

import data.rules.network_policies.allows_everything

_policy := {
	"policy_types": ["Ingress"],
	"selects_all": false,
	"selected": ["Deployment/web"],
	"workloads_in_namespace": 1,
	"ingress": [{"at": "spec.ingress[0]", "any_peer": false, "any_port": true}],
	"egress": [],
}

_rule(any_peer, any_port) := object.union(_policy, {"ingress": [{"at": "spec.ingress[0]", "any_peer": any_peer, "any_port": any_port}]})

test_rule_for_everybody_on_every_port_is_denied if {
	found := allows_everything.deny with input as _rule(true, true)
	found == {{"msg": "allows ingress for every peer on every port", "at": "spec.ingress[0]"}}
}

test_rule_for_named_peers_passes if {
	found := allows_everything.deny with input as _rule(false, true)
	found == set()
}

test_rule_for_named_ports_passes if {
	found := allows_everything.deny with input as _rule(true, false)
	found == set()
}

test_rule_of_a_type_that_is_not_in_force_passes if {
	found := allows_everything.deny with input as object.union(_rule(true, true), {"policy_types": ["Egress"]})
	found == set()
}
