package rules.dockerfile.world_writable_test

import data.rules.dockerfile.world_writable
import data.testing.dockerfile

_mode(writable) := {"mode": "777", "world_writable": writable, "setuid": false, "paths": ["/data"]}

test_mode_for_everybody_is_denied if {
	found := world_writable.deny with input as dockerfile.runs({"permission": _mode(true)})
	found == {{"msg": "stage final makes files writable for everybody: mode 777", "at": "stages[final].runs[do]"}}
}

test_other_mode_passes if {
	found := world_writable.deny with input as dockerfile.runs({"permission": _mode(false)})
	found == set()
}

test_no_mode_passes if {
	found := world_writable.deny with input as dockerfile.runs({})
	found == set()
}

test_copy_for_everybody_is_denied if {
	found := world_writable.deny with input as dockerfile.copies({"permission": _mode(true)})
	found == {{"msg": "stage final copies to /opt/ writable for everybody: mode 777", "at": "stages[final].copies[app /opt/]"}}
}

test_copy_with_another_mode_passes if {
	found := world_writable.deny with input as dockerfile.copies({"permission": _mode(false)})
	found == set()
}

test_copy_without_mode_passes if {
	found := world_writable.deny with input as dockerfile.copies({})
	found == set()
}
