package rules.immutable_network.undecided_forwarding_test

import data.rules.immutable_network.undecided_forwarding
import data.testing.terraform

_listener(weights) := terraform.resource("aws_lb_listener", {"default_action": [{"type": "forward", "forward": [{"target_group": [group |
	some weight in weights
	group := {"weight": weight}
]}]}]})

_finding(what) := {{"msg": concat("", ["aws_lb_listener.main forwards to ", what]), "at": "default_action"}}

test_no_weight_is_denied if {
	found := undecided_forwarding.deny with input as _listener([0, 0])
	found == _finding("no target group")
}

test_two_full_weights_are_denied if {
	found := undecided_forwarding.deny with input as _listener([100, 100])
	found == _finding("several target groups with full weight")
}

test_one_full_weight_passes if {
	found := undecided_forwarding.deny with input as _listener([100, 0])
	found == set()
}

test_canary_passes if {
	found := undecided_forwarding.deny with input as _listener([90, 10])
	found == set()
}

test_single_group_passes if {
	found := undecided_forwarding.deny with input as _listener([0])
	found == set()
}

test_weights_that_are_not_known_pass if {
	found := undecided_forwarding.deny with input as _listener([null, null])
	found == set()
}

test_weight_that_is_not_known_beside_none_passes if {
	found := undecided_forwarding.deny with input as _listener([null, 0])
	found == set()
}

test_data_source_passes if {
	found := undecided_forwarding.deny with input as object.union(_listener([0, 0]), {"block": "data"})
	found == set()
}
