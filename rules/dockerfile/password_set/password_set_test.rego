package rules.dockerfile.password_set_test

import data.rules.dockerfile.password_set
import data.testing.dockerfile

test_chpasswd_is_denied if {
	found := password_set.deny with input as dockerfile.runs({"words": ["chpasswd"]})
	found == {{"msg": "stage final sets or removes the password of an account by chpasswd", "at": "stages[final].runs[do]"}}
}

test_removed_password_is_denied if {
	found := password_set.deny with input as dockerfile.runs({"words": ["passwd", "-d", "root"]})
	found == {{"msg": "stage final sets or removes the password of an account by passwd", "at": "stages[final].runs[do]"}}
}

test_locked_account_passes if {
	found := password_set.deny with input as dockerfile.runs({"words": ["passwd", "-l", "root"]})
	found == set()
}
