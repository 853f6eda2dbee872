package rules.network_policies.every_port_range_test

import data.rules.network_policies.every_port_range
import data.testing.network_policy

_policy(ranges) := network_policy.allowing("ingress", {"every_port": ranges})

test_whole_range_is_denied if {
	found := every_port_range.deny with input as _policy(["spec.ingress[0].ports[1]"])
	found == {{"msg": "allows ingress on every port by a range", "at": "spec.ingress[0].ports[1]"}}
}

test_named_ports_pass if {
	found := every_port_range.deny with input as _policy([])
	found == set()
}

test_rule_of_a_type_that_is_not_in_force_passes if {
	found := every_port_range.deny with input as object.union(_policy(["spec.ingress[0].ports[1]"]), {"policy_types": ["Egress"]})
	found == set()
}
