package rules.immutable_network.open_egress_test

import data.rules.immutable_network.open_egress
import data.testing.terraform

_group(rule) := object.union(
	terraform.group(object.union({"direction": "egress", "at": "egress[0].cidr_blocks", "from_port": 0, "to_port": 65535}, rule)),
	{"params": {"immutable_network.open_egress": {"allowed_ports": [443]}}},
)

_finding := {{"msg": "aws_security_group.main may reach the whole world", "at": "egress[0].cidr_blocks"}}

test_egress_to_everybody_is_denied if {
	found := open_egress.deny with input as _group({})
	found == _finding
}

test_unknown_peers_are_denied_where_they_are_unknown if {
	found := open_egress.deny with input as _group({"open": null})
	found == _finding
}

test_allowed_port_passes if {
	found := open_egress.deny with input as _group({"from_port": 443, "to_port": 443})
	found == set()
}

test_range_with_an_allowed_port_is_denied if {
	found := open_egress.deny with input as _group({"from_port": 443, "to_port": 444})
	found == _finding
}

test_named_peers_pass if {
	found := open_egress.deny with input as _group({"open": false})
	found == set()
}

test_ingress_passes if {
	found := open_egress.deny with input as _group({"direction": "ingress"})
	found == set()
}

test_ping_passes if {
	found := open_egress.deny with input as _group({"has_ports": false})
	found == set()
}
