package rules.infrastructure.state_not_encrypted_test

import data.rules.infrastructure.state_not_encrypted
import data.testing.terraform

_backend(value) := terraform.folder({"backend": {"kind": "s3", "encrypted": {"value": value, "at": "backend[s3].x"}}})

_finding := {{"msg": "the state is stored without encryption being asked for", "at": "backend[s3].x"}}

test_wrong_value_is_denied if {
	found := state_not_encrypted.deny with input as _backend(false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := state_not_encrypted.deny with input as _backend(null)
	found == _finding
}

test_right_value_passes if {
	found := state_not_encrypted.deny with input as _backend(true)
	found == set()
}

test_rest_that_is_configured_later_passes if {
	found := state_not_encrypted.deny with input as terraform.folder({"backend": {"kind": "s3", "encrypted": null}})
	found == set()
}

test_folder_without_backend_passes if {
	found := state_not_encrypted.deny with input as terraform.folder({})
	found == set()
}
