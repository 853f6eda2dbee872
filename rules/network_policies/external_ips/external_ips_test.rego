package rules.network_policies.external_ips_test

import data.rules.network_policies.external_ips
import data.testing.service

_service(addresses, allowed) := object.union(service.service, {
	"external_ips": addresses,
	"params": {"network_policies.external_ips": {"allowed": allowed}},
})

test_address_is_denied if {
	found := external_ips.deny with input as _service(["203.0.113.7"], [])
	found == {{"msg": "claims the address 203.0.113.7 by externalIPs", "at": "spec.externalIPs"}}
}

test_allowed_address_passes if {
	found := external_ips.deny with input as _service(["203.0.113.7"], ["203.0.113.7"])
	found == set()
}

test_service_without_addresses_passes if {
	found := external_ips.deny with input as _service([], [])
	found == set()
}
