package rules.configuration.duplicate_variable_test

import data.rules.configuration.duplicate_variable
import data.testing.workload

_setting(variables) := object.union(workload.deployment([]), {"duplicate_variables": variables})

test_variable_that_is_set_twice_is_denied if {
	twice := {"container": "web", "name": "LEVEL", "at": "containers[web].env[LEVEL]"}
	found := duplicate_variable.deny with input as _setting([twice])
	found == {{"msg": "variable LEVEL of container web is set more than once", "at": "containers[web].env[LEVEL]"}}
}

test_variables_that_are_set_once_pass if {
	found := duplicate_variable.deny with input as _setting([])
	found == set()
}
