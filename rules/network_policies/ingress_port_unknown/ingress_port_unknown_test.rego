package rules.network_policies.ingress_port_unknown_test

import data.rules.network_policies.ingress_port_unknown
import data.testing.ingress

_ingress(service_found, port_found, inventory) := object.union(ingress.ingress, {
	"inventory": inventory,
	"backends": [ingress.backend(service_found, port_found)],
})

test_unknown_port_is_denied if {
	found := ingress_port_unknown.deny with input as _ingress(true, false, "partial")
	found == {{
		"msg": "sends requests to port http, which Service web does not have",
		"at": "spec.rules[0].http.paths[0].backend",
	}}
}

test_port_that_is_there_passes if {
	found := ingress_port_unknown.deny with input as _ingress(true, true, "partial")
	found == set()
}

test_port_of_which_nothing_is_known_passes if {
	found := ingress_port_unknown.deny with input as _ingress(true, null, "partial")
	found == set()
}
