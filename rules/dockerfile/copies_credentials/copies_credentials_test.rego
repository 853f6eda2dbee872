package rules.dockerfile.copies_credentials_test

import data.rules.dockerfile.copies_credentials
import data.testing.dockerfile

_copy(secrecy, from, shipped) := {"stages": [json.patch(
	dockerfile.copies({"from": from, "sources": [{"text": "id_rsa", "secrecy": secrecy}]}).stages[0],
	[{"op": "replace", "path": "/shipped", "value": shipped}],
)]}

test_credentials_are_denied if {
	found := copies_credentials.deny with input as _copy("credentials", null, true)
	found == {{"msg": "stage final copies credentials into the image: id_rsa", "at": "stages[final].copies[app /opt/]"}}
}

test_files_that_may_hold_secrets_pass if {
	found := copies_credentials.deny with input as _copy("possible", null, true)
	found == set()
}

test_other_files_pass if {
	found := copies_credentials.deny with input as _copy(null, null, true)
	found == set()
}

test_copy_from_a_stage_passes if {
	found := copies_credentials.deny with input as _copy("credentials", {"text": "build"}, true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := copies_credentials.deny with input as _copy("credentials", null, false)
	found == set()
}
