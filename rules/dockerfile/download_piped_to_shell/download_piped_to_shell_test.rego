package rules.dockerfile.download_piped_to_shell_test

import data.rules.dockerfile.download_piped_to_shell
import data.testing.dockerfile

test_download_that_is_run_is_denied if {
	found := download_piped_to_shell.deny with input as dockerfile.runs({"runs_download": true})
	found == {{"msg": "stage final runs a script straight from the network", "at": "stages[final].runs[do]"}}
}

test_other_commands_pass if {
	found := download_piped_to_shell.deny with input as dockerfile.runs({})
	found == set()
}
