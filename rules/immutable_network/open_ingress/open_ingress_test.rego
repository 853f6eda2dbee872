package rules.immutable_network.open_ingress_test

import data.rules.immutable_network.open_ingress
import data.testing.terraform

_group(rule) := object.union(terraform.group(rule), {"params": {"immutable_network.open_ingress": {"allowed_ports": [443]}}})

_finding(what) := {{
	"msg": concat("", ["aws_security_group.main lets the whole world in at ", what]),
	"at": "ingress[22].cidr_blocks",
}}

test_open_port_is_denied if {
	found := open_ingress.deny with input as _group({})
	found == _finding("port 22")
}

test_open_range_is_denied_even_around_an_allowed_port if {
	found := open_ingress.deny with input as _group({"from_port": 443, "to_port": 444})
	found == _finding("ports 443 to 444")
}

test_unknown_peers_are_denied_where_they_are_unknown if {
	found := open_ingress.deny with input as _group({"open": null})
	found == _finding("port 22")
}

test_unknown_ports_are_denied if {
	found := open_ingress.deny with input as _group({"from_port": null, "to_port": null})
	found == _finding("ports that are not known")
}

test_single_port_that_has_a_rule_of_its_own_passes if {
	found := open_ingress.deny with input as _group({"databases": ["PostgreSQL"]})
	found == set()
}

test_range_around_such_a_port_is_denied if {
	found := open_ingress.deny with input as _group({"to_port": 25, "administration": ["SSH"]})
	found == _finding("ports 22 to 25")
}

test_allowed_port_passes if {
	found := open_ingress.deny with input as _group({"from_port": 443, "to_port": 443})
	found == set()
}

test_named_peers_pass if {
	found := open_ingress.deny with input as _group({"open": false})
	found == set()
}

test_egress_passes if {
	found := open_ingress.deny with input as _group({"direction": "egress"})
	found == set()
}

test_ping_passes if {
	found := open_ingress.deny with input as _group({"has_ports": false})
	found == set()
}
