package rules.infrastructure.local_state_test

import data.rules.infrastructure.local_state
import data.testing.terraform

_backend(kind) := terraform.folder({"backend": {"kind": kind, "at": "backend[local]", "encrypted": null, "locked": null}})

test_local_state_is_denied if {
	found := local_state.deny with input as _backend("local")
	found == {{"msg": "the state lies on the machine that Terraform is run on", "at": "backend[local]"}}
}

test_remote_state_passes if {
	found := local_state.deny with input as _backend("gcs")
	found == set()
}

test_state_of_which_nothing_is_written_passes if {
	found := local_state.deny with input as terraform.folder({})
	found == set()
}
