package rules.configuration.missing_object_test

import data.rules.configuration.missing_object
import data.testing.configuration
import data.testing.workload

_reading(inventory, read, use) := object.union(workload.deployment([]), {
	"inventory": inventory,
	"configuration": [configuration.read(object.union({"uses": [configuration.use(use)]}, read))],
})

test_missing_object_is_denied if {
	found := missing_object.deny with input as _reading("complete", {"found": false}, {})
	found == {{"msg": "configmap app-v1 does not exist", "at": "containers[web].env[LEVEL]"}}
}

test_slip_among_files_is_denied if {
	found := missing_object.deny with input as _reading("partial", {"found": false, "similar": "apps-v1"}, {})
	found == {{"msg": "configmap app-v1 is not among the scanned files, but apps-v1 is", "at": "containers[web].env[LEVEL]"}}
}

test_object_that_is_there_passes if {
	found := missing_object.deny with input as _reading("complete", {"found": true}, {})
	found == set()
}

test_object_of_no_scanned_file_passes if {
	found := missing_object.deny with input as _reading("partial", {"found": false}, {})
	found == set()
}

test_optional_object_passes if {
	found := missing_object.deny with input as _reading("complete", {"found": false}, {"optional": true})
	found == set()
}

test_missing_password_of_a_registry_stops_no_pod if {
	found := missing_object.deny with input as _reading("complete", {"found": false}, {"how": "pull"})
	found == set()
}
