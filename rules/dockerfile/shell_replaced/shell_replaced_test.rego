package rules.dockerfile.shell_replaced_test

import data.rules.dockerfile.shell_replaced
import data.testing.dockerfile

test_link_over_the_shell_is_denied if {
	found := shell_replaced.deny with input as dockerfile.runs({"words": ["ln", "-sf", "/bin/bash", "/bin/sh"]})
	found == {{"msg": "stage final puts another shell in the place of /bin/sh", "at": "stages[final].runs[do]"}}
}

test_link_to_the_shell_passes if {
	found := shell_replaced.deny with input as dockerfile.runs({"words": ["ln", "-s", "/bin/sh", "/usr/local/bin/sh"]})
	found == set()
}

test_another_program_passes if {
	found := shell_replaced.deny with input as dockerfile.runs({"words": ["ls", "/bin/sh"]})
	found == set()
}
