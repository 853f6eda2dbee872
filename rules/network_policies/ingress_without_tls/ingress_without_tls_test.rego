package rules.network_policies.ingress_without_tls_test

import data.rules.network_policies.ingress_without_tls
import data.testing.ingress

_ingress(name, encrypted) := object.union(ingress.ingress, {"hosts": [ingress.host(name, encrypted)]})

test_plain_host_is_denied if {
	found := ingress_without_tls.deny with input as _ingress("web.example.com", false)
	found == {{"msg": "serves web.example.com without TLS", "at": "spec.rules[0].host"}}
}

test_rule_without_a_host_is_denied if {
	found := ingress_without_tls.deny with input as _ingress(null, false)
	found == {{"msg": "serves every host without TLS", "at": "spec.rules[0].host"}}
}

test_encrypted_host_passes if {
	found := ingress_without_tls.deny with input as _ingress("web.example.com", true)
	found == set()
}

test_tls_by_the_controller_passes if {
	found := ingress_without_tls.deny with input as object.union(_ingress("web.example.com", false), {"tls_elsewhere": true})
	found == set()
}

test_answer_to_a_challenge_passes if {
	found := ingress_without_tls.deny with input as object.union(_ingress("web.example.com", false), {"answers_challenge": true})
	found == set()
}
