package rules.infrastructure.state_not_locked_test

import data.rules.infrastructure.state_not_locked
import data.testing.terraform

_backend(value) := terraform.folder({"backend": {"kind": "s3", "locked": {"value": value, "at": "backend[s3].x"}}})

_finding := {{"msg": "two runs may write the state at once", "at": "backend[s3].x"}}

test_wrong_value_is_denied if {
	found := state_not_locked.deny with input as _backend(false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := state_not_locked.deny with input as _backend(null)
	found == _finding
}

test_right_value_passes if {
	found := state_not_locked.deny with input as _backend(true)
	found == set()
}

test_rest_that_is_configured_later_passes if {
	found := state_not_locked.deny with input as terraform.folder({"backend": {"kind": "s3", "locked": null}})
	found == set()
}

test_folder_without_backend_passes if {
	found := state_not_locked.deny with input as terraform.folder({})
	found == set()
}
