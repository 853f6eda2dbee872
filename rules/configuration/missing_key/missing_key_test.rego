package rules.configuration.missing_key_test

import data.rules.configuration.missing_key
import data.testing.configuration
import data.testing.workload

_reading(use) := object.union(
	workload.deployment([]),
	{"configuration": [configuration.read({"uses": [configuration.use(use)]})]},
)

test_missing_key_is_denied if {
	found := missing_key.deny with input as _reading({"key_found": false})
	found == {{"msg": "configmap app-v1 has no key level", "at": "containers[web].env[LEVEL]"}}
}

test_key_that_is_there_passes if {
	found := missing_key.deny with input as _reading({"key_found": true})
	found == set()
}

test_key_of_which_nothing_is_known_passes if {
	found := missing_key.deny with input as _reading({"key_found": null})
	found == set()
}

test_optional_key_passes if {
	found := missing_key.deny with input as _reading({"key_found": false, "optional": true})
	found == set()
}
