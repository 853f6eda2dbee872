package rules.dockerfile.shell_form_test

import data.rules.dockerfile.shell_form
import data.testing.dockerfile

_file(start, shell) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/cmd", "value": start},
	{"op": "replace", "path": "/shell", "value": shell},
])]}

test_shell_form_is_denied if {
	found := shell_form.deny with input as _file(dockerfile.start("shell", {}), null)
	found == {{"msg": "stage final starts its cmd through a shell", "at": "stages[final].cmd"}}
}

test_json_form_passes if {
	found := shell_form.deny with input as _file(dockerfile.start("exec", {}), null)
	found == set()
}

test_exec_in_the_shell_form_passes if {
	found := shell_form.deny with input as _file(dockerfile.start("shell", {"before": ["exec"]}), null)
	found == set()
}

test_shell_that_was_chosen_passes if {
	found := shell_form.deny with input as _file(dockerfile.start("shell", {}), ["/bin/bash", "-c"])
	found == set()
}

test_start_of_the_stage_below_is_named_there if {
	found := shell_form.deny with input as _file(object.union(dockerfile.start("shell", {}), {"stage": "base"}), null)
	found == set()
}

test_no_start_passes if {
	found := shell_form.deny with input as _file(null, null)
	found == set()
}
