package rules.dockerfile.sudo_used_test

import data.rules.dockerfile.sudo_used
import data.testing.dockerfile

test_command_behind_sudo_is_denied if {
	found := sudo_used.deny with input as dockerfile.runs({"before": ["sudo"]})
	found == {{"msg": "stage final runs by sudo: do", "at": "stages[final].runs[do]"}}
}

test_other_wrappers_pass if {
	found := sudo_used.deny with input as dockerfile.runs({"before": ["env"]})
	found == set()
}
