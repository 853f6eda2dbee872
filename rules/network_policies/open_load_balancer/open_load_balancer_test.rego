package rules.network_policies.open_load_balancer_test

import data.rules.network_policies.open_load_balancer
import data.testing.service

test_open_load_balancer_is_denied if {
	found := open_load_balancer.deny with input as service.balanced({})
	found == {{"msg": "is open to every address by a load balancer", "at": "spec.type"}}
}

test_source_ranges_pass if {
	found := open_load_balancer.deny with input as service.balanced({"open": false})
	found == set()
}

test_internal_load_balancer_passes if {
	found := open_load_balancer.deny with input as service.balanced({"internal": true})
	found == set()
}

test_load_balancer_of_another_class_passes if {
	found := open_load_balancer.deny with input as service.balanced({"class": "tailscale"})
	found == set()
}

test_other_service_passes if {
	found := open_load_balancer.deny with input as service.service
	found == set()
}
