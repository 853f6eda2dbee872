package rules.dockerfile.repeated_instruction_test

import data.rules.dockerfile.repeated_instruction
import data.testing.dockerfile

test_instruction_that_is_repeated_is_denied if {
	found := repeated_instruction.deny with input as dockerfile.file("repeated", [{"instruction": "CMD", "at": "stages[final].cmd"}])
	found == {{"msg": "stage final has more than one CMD, of which only the last counts", "at": "stages[final].cmd"}}
}

test_instructions_that_stand_once_pass if {
	found := repeated_instruction.deny with input as dockerfile.file("repeated", [])
	found == set()
}
