package rules.network_policies.ingress_service_missing_test

import data.rules.network_policies.ingress_service_missing
import data.testing.ingress

_ingress(service_found, port_found, inventory) := object.union(ingress.ingress, {
	"inventory": inventory,
	"backends": [ingress.backend(service_found, port_found)],
})

test_missing_service_is_denied if {
	found := ingress_service_missing.deny with input as _ingress(false, null, "partial")
	found == {{
		"msg": "sends requests to Service web, which is not among the scanned files of its namespace",
		"at": "spec.rules[0].http.paths[0].backend",
	}}
}

test_missing_service_of_a_cluster_is_told_so if {
	found := ingress_service_missing.deny with input as _ingress(false, null, "complete")
	found == {{
		"msg": "sends requests to Service web, which is not in its namespace",
		"at": "spec.rules[0].http.paths[0].backend",
	}}
}

test_service_that_is_there_passes if {
	found := ingress_service_missing.deny with input as _ingress(true, true, "partial")
	found == set()
}

test_service_of_which_nothing_is_known_passes if {
	found := ingress_service_missing.deny with input as _ingress(null, null, "partial")
	found == set()
}
