package rules.dockerfile.repeated_stage_name_test

import data.rules.dockerfile.repeated_stage_name
import data.testing.dockerfile

_file(taken) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/name", "value": "build"},
	{"op": "replace", "path": "/name_taken", "value": taken},
])]}

test_name_that_is_taken_is_denied if {
	found := repeated_stage_name.deny with input as _file(true)
	found == {{"msg": "stage final is called build like a stage above it", "at": "stages[final]"}}
}

test_name_of_its_own_passes if {
	found := repeated_stage_name.deny with input as _file(false)
	found == set()
}
