package rules.network_policies.allows_every_namespace_test

import data.rules.network_policies.allows_every_namespace
import data.testing.network_policy

_policy(differences) := network_policy.allowing("ingress", differences)

test_every_namespace_is_denied if {
	found := allows_every_namespace.deny with input as _policy({"any_port": true, "every_namespace": ["spec.ingress[0].from[0]"]})
	found == {{"msg": "allows ingress for every Pod of every namespace on every port", "at": "spec.ingress[0].from[0]"}}
}

test_named_peers_pass if {
	found := allows_every_namespace.deny with input as _policy({"any_port": true})
	found == set()
}

test_named_ports_pass if {
	found := allows_every_namespace.deny with input as _policy({"every_namespace": ["spec.ingress[0].from[0]"]})
	found == set()
}

test_rule_of_a_type_that_is_not_in_force_passes if {
	found := allows_every_namespace.deny with input as object.union(_policy({"any_port": true, "every_namespace": ["spec.ingress[0].from[0]"]}), {"policy_types": ["Egress"]})
	found == set()
}
