package rules.availability.no_governing_service_test

import data.rules.availability.no_governing_service
import data.testing.availability

_service(changes) := availability.deployment({
	"kind": "StatefulSet",
	"governing_service": object.union({"name": "queue", "found": true, "headless": true, "selects": true}, changes),
})

test_no_service_name_is_denied if {
	found := no_governing_service.deny with input as _service({"name": null, "found": null, "headless": null, "selects": null})
	found == {{"msg": "names no Service, so that its Pods have no DNS names", "at": "spec"}}
}

test_a_service_that_was_not_read_is_denied if {
	found := no_governing_service.deny with input as _service({"found": false, "headless": null, "selects": null})
	found == {{"msg": "names Service queue, which is not among the scanned files", "at": "spec.serviceName"}}
}

test_a_service_that_does_not_exist_is_denied if {
	found := no_governing_service.deny with input as object.union(_service({"found": false, "headless": null, "selects": null}), {"inventory": "complete"})
	found == {{"msg": "names Service queue, which is not in its namespace", "at": "spec.serviceName"}}
}

test_a_service_with_an_address_is_denied if {
	found := no_governing_service.deny with input as _service({"headless": false})
	found == {{"msg": "names Service queue, which is not headless", "at": "spec.serviceName"}}
}

test_a_service_for_other_pods_is_denied if {
	found := no_governing_service.deny with input as _service({"selects": false})
	found == {{"msg": "names Service queue, which does not select its Pods", "at": "spec.serviceName"}}
}

test_a_headless_service_passes if {
	found := no_governing_service.deny with input as _service({})
	found == set()
}

test_no_service_read_passes if {
	found := no_governing_service.deny with input as _service({"found": null, "headless": null, "selects": null})
	found == set()
}

test_another_kind_passes if {
	found := no_governing_service.deny with input as availability.deployment({})
	found == set()
}
