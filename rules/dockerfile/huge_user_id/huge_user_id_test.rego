package rules.dockerfile.huge_user_id_test

import data.rules.dockerfile.huge_user_id
import data.testing.dockerfile

_run(words) := dockerfile.runs({"words": words})

test_large_id_is_denied if {
	found := huge_user_id.deny with input as _run(["useradd", "-u", "123456", "app"])
	found == {{"msg": "stage final adds a user with a large id and its login record", "at": "stages[final].runs[do]"}}
}

test_large_id_without_record_passes if {
	found := huge_user_id.deny with input as _run(["useradd", "-l", "-u", "123456", "app"])
	found == set()
}

test_small_id_passes if {
	found := huge_user_id.deny with input as _run(["useradd", "-u", "12345", "app"])
	found == set()
}

test_another_program_passes if {
	found := huge_user_id.deny with input as _run(["adduser", "-u", "123456", "app"])
	found == set()
}
