package rules.immutable_network.plaintext_listener_test

import data.rules.immutable_network.plaintext_listener
import data.testing.terraform

_listener(protocol, action) := terraform.resource("aws_lb_listener", {"protocol": protocol, "default_action": [action]})

_finding := {{"msg": "aws_lb_listener.main serves over plain HTTP", "at": "protocol"}}

test_plain_http_is_denied if {
	found := plaintext_listener.deny with input as _listener("HTTP", {"type": "forward"})
	found == _finding
}

test_unknown_protocol_is_denied_where_it_is_unknown if {
	found := plaintext_listener.deny with input as _listener(null, {"type": "forward"})
	found == _finding
}

test_redirection_to_http_is_denied if {
	found := plaintext_listener.deny with input as _listener("HTTP", {"redirect": [{"protocol": "HTTP"}]})
	found == _finding
}

test_redirection_to_https_passes if {
	found := plaintext_listener.deny with input as _listener("HTTP", {"redirect": [{"protocol": "HTTPS"}]})
	found == set()
}

test_https_passes if {
	found := plaintext_listener.deny with input as _listener("HTTPS", {"type": "forward"})
	found == set()
}

test_listener_of_a_gateway_passes if {
	found := plaintext_listener.deny with input as terraform.resource("aws_lb_listener", {})
	found == set()
}

test_other_type_passes if {
	found := plaintext_listener.deny with input as terraform.resource("aws_lb_target_group", {"protocol": "HTTP"})
	found == set()
}

test_data_source_passes if {
	found := plaintext_listener.deny with input as object.union(_listener("HTTP", {}), {"block": "data"})
	found == set()
}
