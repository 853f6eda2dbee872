package rules.network_policies.external_name_test

import data.rules.network_policies.external_name
import data.testing.service

_service(name) := object.union(service.service, {"external_name": name})

test_outside_name_is_denied if {
	found := external_name.deny with input as _service("db.example.com")
	found == {{"msg": "redirects to db.example.com", "at": "spec.externalName"}}
}

test_name_of_a_service_passes if {
	found := external_name.deny with input as _service("db.data.svc.cluster.local")
	found == set()
}

test_other_service_passes if {
	found := external_name.deny with input as _service(null)
	found == set()
}
