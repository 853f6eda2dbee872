package rules.network_policies.target_port_unknown_test

import data.rules.network_policies.target_port_unknown
import data.testing.service

_service(target, found) := object.union(service.service, {"ports": [service.port(target, found)]})

test_unknown_name_is_denied if {
	found := target_port_unknown.deny with input as _service("htp", false)
	found == {{"msg": "sends traffic to port htp, which no container that it selects names", "at": "spec.ports[http].targetPort"}}
}

test_known_name_passes if {
	found := target_port_unknown.deny with input as _service("http", true)
	found == set()
}

test_number_passes if {
	found := target_port_unknown.deny with input as _service(null, null)
	found == set()
}
