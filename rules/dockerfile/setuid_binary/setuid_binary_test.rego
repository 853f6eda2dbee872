package rules.dockerfile.setuid_binary_test

import data.rules.dockerfile.setuid_binary
import data.testing.dockerfile

_mode(setuid) := {"mode": "4755", "world_writable": false, "setuid": setuid, "paths": ["/bin/su"]}

test_setuid_bit_is_denied if {
	found := setuid_binary.deny with input as dockerfile.runs({"permission": _mode(true)})
	found == {{"msg": "stage final sets the setuid bit: /bin/su", "at": "stages[final].runs[do]"}}
}

test_other_mode_passes if {
	found := setuid_binary.deny with input as dockerfile.runs({"permission": _mode(false)})
	found == set()
}

test_no_mode_passes if {
	found := setuid_binary.deny with input as dockerfile.runs({})
	found == set()
}

test_copy_with_the_bit_is_denied if {
	found := setuid_binary.deny with input as dockerfile.copies({"permission": _mode(true)})
	found == {{"msg": "stage final copies with the setuid bit to /opt/", "at": "stages[final].copies[app /opt/]"}}
}

test_copy_without_the_bit_passes if {
	found := setuid_binary.deny with input as dockerfile.copies({"permission": _mode(false)})
	found == set()
}
