package rules.network_policies.default_backend_test

import data.rules.network_policies.default_backend
import data.testing.ingress

test_default_backend_is_denied if {
	found := default_backend.deny with input as object.union(ingress.ingress, {"default_backend": true})
	found == {{"msg": "takes every request that no rule takes, by a default backend", "at": "spec.defaultBackend"}}
}

test_rules_pass if {
	found := default_backend.deny with input as ingress.ingress
	found == set()
}
