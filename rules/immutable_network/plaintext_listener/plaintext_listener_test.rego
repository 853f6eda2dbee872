package rules.immutable_network.plaintext_listener_test

import data.rules.immutable_network.plaintext_listener
import data.testing.terraform

_finding := {{"msg": "aws_lb_listener.main serves over plain HTTP", "at": "plaintext"}}

test_plain_http_is_denied if {
	found := plaintext_listener.deny with input as terraform.listener("plaintext", true)
	found == _finding
}

test_unknown_protocol_is_denied_where_it_is_unknown if {
	found := plaintext_listener.deny with input as terraform.listener("plaintext", null)
	found == _finding
}

test_https_passes if {
	found := plaintext_listener.deny with input as terraform.listener("plaintext", false)
	found == set()
}

test_listener_with_nothing_to_say_of_http_passes if {
	found := plaintext_listener.deny with input as terraform.listener("outdated_tls", true)
	found == set()
}

test_other_type_passes if {
	found := plaintext_listener.deny with input as terraform.resource("aws_lb_target_group", {"protocol": "HTTP"})
	found == set()
}
