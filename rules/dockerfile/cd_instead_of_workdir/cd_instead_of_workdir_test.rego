package rules.dockerfile.cd_instead_of_workdir_test

import data.rules.dockerfile.cd_instead_of_workdir
import data.testing.dockerfile

test_run_that_begins_with_cd_is_denied if {
	found := cd_instead_of_workdir.deny with input as dockerfile.runs({"words": ["cd", "/srv"]})
	found == {{"msg": "stage final changes to another folder in a RUN: cd /srv", "at": "stages[final].runs[do]"}}
}

test_other_commands_pass if {
	found := cd_instead_of_workdir.deny with input as dockerfile.runs({"words": ["ls", "/srv"]})
	found == set()
}
