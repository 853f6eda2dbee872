package rules.immutable_network.outdated_tls_test

import data.rules.immutable_network.outdated_tls
import data.testing.terraform

_finding := {{"msg": "aws_lb_listener.main takes TLS before version 1.2", "at": "outdated_tls"}}

test_wrong_value_is_denied if {
	found := outdated_tls.deny with input as terraform.listener("outdated_tls", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := outdated_tls.deny with input as terraform.listener("outdated_tls", null)
	found == _finding
}

test_right_value_passes if {
	found := outdated_tls.deny with input as terraform.listener("outdated_tls", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := outdated_tls.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_listener_without_tls_passes if {
	found := outdated_tls.deny with input as terraform.listener("plaintext", true)
	found == set()
}
