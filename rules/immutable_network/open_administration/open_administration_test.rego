package rules.immutable_network.open_administration_test

import data.rules.immutable_network.open_administration
import data.testing.terraform

_group(rule) := terraform.group(object.union({"administration": ["SSH"]}, rule))

_finding := {{"msg": "aws_security_group.main opens SSH to the whole world", "at": "ingress[22].cidr_blocks"}}

test_open_port_is_denied if {
	found := open_administration.deny with input as _group({})
	found == _finding
}

test_unknown_peers_are_denied_where_they_are_unknown if {
	found := open_administration.deny with input as _group({"open": null})
	found == _finding
}

test_named_peers_pass if {
	found := open_administration.deny with input as _group({"open": false})
	found == set()
}

test_egress_passes if {
	found := open_administration.deny with input as _group({"direction": "egress"})
	found == set()
}

test_other_port_passes if {
	found := open_administration.deny with input as _group({"administration": []})
	found == set()
}
