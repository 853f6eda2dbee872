package rules.dockerfile.apt_in_script_test

import data.rules.dockerfile.apt_in_script
import data.testing.dockerfile

test_apt_is_denied if {
	found := apt_in_script.deny with input as dockerfile.runs({"words": ["apt", "update"]})
	found == {{"msg": "stage final uses apt, which is made for people, in a script", "at": "stages[final].runs[do]"}}
}

test_apt_get_passes if {
	found := apt_in_script.deny with input as dockerfile.runs({"words": ["apt-get", "update"]})
	found == set()
}
