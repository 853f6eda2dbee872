package rules.dockerfile.root_user_test

import data.rules.dockerfile.root_user
import data.testing.dockerfile

_stage(patch) := {"stages": [dockerfile.stage(patch)]}

_root := {"op": "replace", "path": "/user/root", "value": true}

test_root_is_denied if {
	found := root_user.deny with input as _stage([_root, {"op": "replace", "path": "/user/text", "value": "0:0"}])
	found == {{"msg": "stage final runs as USER 0:0", "at": "stages[final].user"}}
}

test_another_user_passes if {
	found := root_user.deny with input as _stage([])
	found == set()
}

test_user_that_a_variable_hides_passes if {
	found := root_user.deny with input as _stage([{"op": "replace", "path": "/user/root", "value": null}])
	found == set()
}

test_no_user_passes if {
	found := root_user.deny with input as _stage([{"op": "replace", "path": "/user", "value": null}])
	found == set()
}

test_root_in_a_stage_that_is_not_the_last_passes if {
	found := root_user.deny with input as _stage([_root, {"op": "replace", "path": "/final", "value": false}])
	found == set()
}
