package rules.immutable_network.default_security_group_used_test

import data.rules.immutable_network.default_security_group_used
import data.testing.terraform

_group(attributes) := terraform.resource("aws_default_security_group", attributes)

test_rules_in_it_are_denied if {
	found := default_security_group_used.deny with input as _group({"egress": [{"from_port": 0}]})
	found == {{"msg": "aws_default_security_group.main has egress rules", "at": "egress"}}
}

test_unknown_rules_are_denied_where_they_are_unknown if {
	found := default_security_group_used.deny with input as _group({"ingress": null})
	found == {{"msg": "aws_default_security_group.main has ingress rules", "at": "ingress"}}
}

test_empty_group_passes if {
	found := default_security_group_used.deny with input as _group({"ingress": []})
	found == set()
}

test_group_of_its_own_passes if {
	found := default_security_group_used.deny with input as terraform.resource("aws_security_group", {"ingress": [{}]})
	found == set()
}

test_data_source_passes if {
	found := default_security_group_used.deny with input as object.union(_group({"ingress": [{}]}), {"block": "data"})
	found == set()
}
