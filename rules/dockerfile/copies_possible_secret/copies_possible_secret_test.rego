package rules.dockerfile.copies_possible_secret_test

import data.rules.dockerfile.copies_possible_secret
import data.testing.dockerfile

_copy(secrecy, from, shipped) := {"stages": [json.patch(
	dockerfile.copies({"from": from, "sources": [{"text": ".env", "secrecy": secrecy}]}).stages[0],
	[{"op": "replace", "path": "/shipped", "value": shipped}],
)]}

test_file_that_may_hold_a_secret_is_denied if {
	found := copies_possible_secret.deny with input as _copy("possible", null, true)
	found == {{"msg": "stage final copies what may hold a secret: .env", "at": "stages[final].copies[app /opt/]"}}
}

test_credentials_are_for_another_rule if {
	found := copies_possible_secret.deny with input as _copy("credentials", null, true)
	found == set()
}

test_other_files_pass if {
	found := copies_possible_secret.deny with input as _copy(null, null, true)
	found == set()
}

test_copy_from_a_stage_passes if {
	found := copies_possible_secret.deny with input as _copy("possible", {"text": "build"}, true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := copies_possible_secret.deny with input as _copy("possible", null, false)
	found == set()
}
