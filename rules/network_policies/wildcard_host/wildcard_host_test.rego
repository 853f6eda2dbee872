package rules.network_policies.wildcard_host_test

import data.rules.network_policies.wildcard_host
import data.testing.ingress

_ingress(name) := object.union(ingress.ingress, {"hosts": [ingress.host(name, true)]})

test_wildcard_is_denied if {
	found := wildcard_host.deny with input as _ingress("*.example.com")
	found == {{"msg": "serves every name that fits *.example.com", "at": "spec.rules[0].host"}}
}

test_rule_without_a_host_is_denied if {
	found := wildcard_host.deny with input as _ingress(null)
	found == {{"msg": "serves whatever host a request names", "at": "spec.rules[0].host"}}
}

test_answer_to_a_challenge_passes if {
	found := wildcard_host.deny with input as object.union(_ingress(null), {"answers_challenge": true})
	found == set()
}

test_named_host_passes if {
	found := wildcard_host.deny with input as _ingress("web.example.com")
	found == set()
}
