package rules.dockerfile.reserved_stage_name_test

import data.rules.dockerfile.reserved_stage_name
import data.testing.dockerfile

test_reserved_name_is_denied if {
	found := reserved_stage_name.deny with input as dockerfile.file("name", "scratch")
	found == {{"msg": "stage final has a name that is reserved", "at": "stages[final]"}}
}

test_other_names_pass if {
	found := reserved_stage_name.deny with input as dockerfile.file("name", "build")
	found == set()
}

test_no_name_passes if {
	found := reserved_stage_name.deny with input as dockerfile.file("name", null)
	found == set()
}
