package rules.immutable_network.missing_health_check_test

import data.rules.immutable_network.missing_health_check
import data.testing.terraform

_group(attributes) := terraform.resource("aws_lb_target_group", object.union({"protocol": "HTTP"}, attributes))

_finding := {{"msg": "aws_lb_target_group.main does not say how it asks for health", "at": "health_check"}}

test_group_without_check_is_denied if {
	found := missing_health_check.deny with input as _group({})
	found == _finding
}

test_check_that_is_off_is_denied if {
	found := missing_health_check.deny with input as _group({"health_check": [{"enabled": false}]})
	found == _finding
}

test_unknown_check_is_denied_where_it_is_unknown if {
	found := missing_health_check.deny with input as _group({"health_check": null})
	found == _finding
}

test_check_passes if {
	found := missing_health_check.deny with input as _group({"health_check": [{"path": "/readyz"}]})
	found == set()
}

test_group_for_tcp_passes if {
	found := missing_health_check.deny with input as _group({"protocol": "TCP"})
	found == set()
}

test_other_type_passes if {
	found := missing_health_check.deny with input as object.union(_group({}), {"type": "aws_lb_listener"})
	found == set()
}

test_data_source_passes if {
	found := missing_health_check.deny with input as object.union(_group({}), {"block": "data"})
	found == set()
}
