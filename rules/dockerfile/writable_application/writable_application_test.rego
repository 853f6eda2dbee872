package rules.dockerfile.writable_application_test

import data.rules.dockerfile.writable_application
import data.testing.dockerfile

_copy(owner, patch) := {"stages": [json.patch(
	dockerfile.copies({"flags": {"chown": owner}}).stages[0],
	patch,
)]}

test_copy_owned_by_the_user_is_denied if {
	found := writable_application.deny with input as _copy("10001:10001", [])
	found == {{"msg": "stage final gives what it copies to /opt/ to 10001, which it runs as", "at": "stages[final].copies[app /opt/]"}}
}

test_copy_owned_by_another_user_passes if {
	found := writable_application.deny with input as _copy("root:root", [])
	found == set()
}

test_copy_without_owner_passes if {
	found := writable_application.deny with input as dockerfile.copies({})
	found == set()
}

test_copy_that_its_owner_may_write_is_denied if {
	found := writable_application.deny with input as _copy("10001", [{"op": "replace", "path": "/copies/0/permission", "value": {"mode": "0755"}}])
	found == {{"msg": "stage final gives what it copies to /opt/ to 10001, which it runs as", "at": "stages[final].copies[app /opt/]"}}
}

test_copy_that_nobody_may_write_passes if {
	found := writable_application.deny with input as _copy("10001", [{"op": "replace", "path": "/copies/0/permission", "value": {"mode": "0555"}}])
	found == set()
}

test_settings_in_the_home_of_the_user_pass if {
	found := writable_application.deny with input as _copy("10001", [{"op": "replace", "path": "/copies/0/destination", "value": "/home/app/.zshrc"}])
	found == set()
}

test_stage_that_is_not_the_last_passes if {
	found := writable_application.deny with input as _copy("10001", [{"op": "replace", "path": "/final", "value": false}])
	found == set()
}

test_root_passes if {
	found := writable_application.deny with input as _copy("10001", [{"op": "replace", "path": "/user/root", "value": true}])
	found == set()
}

test_no_user_passes if {
	found := writable_application.deny with input as _copy("10001", [{"op": "replace", "path": "/user", "value": null}])
	found == set()
}
