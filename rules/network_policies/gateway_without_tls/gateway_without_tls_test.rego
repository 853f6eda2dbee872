package rules.network_policies.gateway_without_tls_test

import data.rules.network_policies.gateway_without_tls

_gateway(api_version, listeners) := {"kind": "Gateway", "api_version": api_version, "object": {"spec": {"listeners": listeners}}}

test_gateway_of_plain_http_is_denied if {
	found := gateway_without_tls.deny with input as _gateway("gateway.networking.k8s.io/v1", [{"protocol": "HTTP"}])
	found == {{"msg": "speaks HTTP without TLS on every listener", "at": "spec.listeners"}}
}

test_gateway_with_tls_passes if {
	found := gateway_without_tls.deny with input as _gateway("gateway.networking.k8s.io/v1", [{"protocol": "HTTP"}, {"protocol": "HTTPS"}])
	found == set()
}

test_gateway_without_listeners_passes if {
	found := gateway_without_tls.deny with input as _gateway("gateway.networking.k8s.io/v1", [])
	found == set()
}

test_gateway_of_another_api_passes if {
	found := gateway_without_tls.deny with input as _gateway("networking.istio.io/v1", [{"protocol": "HTTP"}])
	found == set()
}

test_other_kind_passes if {
	found := gateway_without_tls.deny with input as object.union(_gateway("gateway.networking.k8s.io/v1", [{"protocol": "HTTP"}]), {"kind": "HTTPRoute"})
	found == set()
}
