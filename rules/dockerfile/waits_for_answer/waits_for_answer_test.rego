package rules.dockerfile.waits_for_answer_test

import data.rules.dockerfile.waits_for_answer
import data.testing.dockerfile

_run(asks) := dockerfile.file("runs", [dockerfile.run({"asks": asks})])

test_command_that_asks_is_denied if {
	found := waits_for_answer.deny with input as _run(true)
	found == {{"msg": "stage final waits for an answer: apk add", "at": "stages[final].runs[apk add curl]"}}
}

test_command_that_does_not_ask_passes if {
	found := waits_for_answer.deny with input as _run(false)
	found == set()
}

test_answer_in_a_setting_passes if {
	found := waits_for_answer.deny with input as _run(null)
	found == set()
}
