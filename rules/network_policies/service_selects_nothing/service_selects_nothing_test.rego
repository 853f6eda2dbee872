package rules.network_policies.service_selects_nothing_test

import data.rules.network_policies.service_selects_nothing
import data.testing.service

_service(selects, inventory) := object.union(service.service, {"selects_something": selects, "inventory": inventory})

test_service_that_selects_nothing_is_denied if {
	found := service_selects_nothing.deny with input as _service(false, "partial")
	found == {{"msg": "selects none of the workloads of its namespace among the scanned files", "at": "spec.selector"}}
}

test_service_of_a_cluster_is_told_so if {
	found := service_selects_nothing.deny with input as _service(false, "complete")
	found == {{"msg": "selects none of the workloads of its namespace", "at": "spec.selector"}}
}

test_service_that_selects_passes if {
	found := service_selects_nothing.deny with input as _service(true, "partial")
	found == set()
}

test_service_of_which_nothing_is_known_passes if {
	found := service_selects_nothing.deny with input as _service(null, "partial")
	found == set()
}
