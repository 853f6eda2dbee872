package rules.dockerfile.user_by_name_test

import data.rules.dockerfile.user_by_name
import data.testing.dockerfile

_user(name, root, final) := {"stages": [_stage(name, root, final)]}

_stage(name, root, final) := dockerfile.stage([
	{"op": "replace", "path": "/user/name", "value": name},
	{"op": "replace", "path": "/user/root", "value": root},
	{"op": "replace", "path": "/final", "value": final},
])

test_name_is_denied if {
	found := user_by_name.deny with input as _user("app", false, true)
	found == {{"msg": "stage final runs as app, which Kubernetes cannot tell from root", "at": "stages[final].user"}}
}

test_number_passes if {
	found := user_by_name.deny with input as _user("10001", false, true)
	found == set()
}

test_user_of_windows_passes if {
	found := user_by_name.deny with input as _user("ContainerUser", false, true)
	found == set()
}

test_name_in_a_file_for_windows_passes if {
	windows := object.union(_stage("app", false, true), {"windows": true})
	found := user_by_name.deny with input as {"stages": [windows]}
	found == set()
}

test_root_passes if {
	found := user_by_name.deny with input as _user("root", true, true)
	found == set()
}

test_user_that_a_variable_hides_passes if {
	found := user_by_name.deny with input as _user(null, null, true)
	found == set()
}

test_stage_that_is_not_the_last_passes if {
	found := user_by_name.deny with input as _user("app", false, false)
	found == set()
}

test_no_user_passes if {
	found := user_by_name.deny with input as dockerfile.file("user", null)
	found == set()
}
