package rules.dockerfile.wget_and_curl_test

import data.rules.dockerfile.wget_and_curl
import data.testing.dockerfile

_run(program) := {"commands": [dockerfile.command({"words": [program, "x"]})]}

_file(first, second, shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/runs", "value": [_run(first), _run(second)]},
	{"op": "replace", "path": "/shipped", "value": shipped},
])]}

test_both_are_denied if {
	found := wget_and_curl.deny with input as _file("curl", "wget", true)
	found == {{"msg": "stage final fetches with both curl and wget", "at": "stages[final]"}}
}

test_one_of_them_passes if {
	found := wget_and_curl.deny with input as _file("curl", "curl", true)
	found == set()
}

test_the_other_passes if {
	found := wget_and_curl.deny with input as _file("wget", "wget", true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := wget_and_curl.deny with input as _file("curl", "wget", false)
	found == set()
}
