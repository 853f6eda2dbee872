package rules.dockerfile.pipe_failure_hidden_test

import data.rules.dockerfile.pipe_failure_hidden
import data.testing.dockerfile

_params := {
	"directives": {"escape": "\\"},
	"params": {"dockerfile.pipe_failure_hidden": {"cannot_fail": ["echo"]}},
}

_run(changes) := object.union(_params, dockerfile.runs(changes))

test_failure_inside_a_pipe_is_denied if {
	found := pipe_failure_hidden.deny with input as _run({"failure_hidden": true})
	found == {{"msg": "stage final does not notice when these fail, whose output is piped: do", "at": "stages[final].runs[do]"}}
}

test_command_that_cannot_fail_passes if {
	found := pipe_failure_hidden.deny with input as _run({"failure_hidden": true, "words": ["echo", "x"]})
	found == set()
}

test_command_outside_of_pipes_passes if {
	found := pipe_failure_hidden.deny with input as _run({"failure_hidden": false})
	found == set()
}

test_windows_passes if {
	found := pipe_failure_hidden.deny with input as object.union(_run({"failure_hidden": true}), {"directives": {"escape": "`"}})
	found == set()
}
