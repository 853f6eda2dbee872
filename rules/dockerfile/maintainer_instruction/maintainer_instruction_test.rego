package rules.dockerfile.maintainer_instruction_test

import data.rules.dockerfile.maintainer_instruction
import data.testing.dockerfile

test_maintainer_is_denied if {
	found := maintainer_instruction.deny with input as dockerfile.file("maintainer", "Ada")
	found == {{"msg": "stage final names its maintainer by MAINTAINER instead of a label", "at": "stages[final].maintainer"}}
}

test_no_maintainer_passes if {
	found := maintainer_instruction.deny with input as dockerfile.file("maintainer", null)
	found == set()
}
