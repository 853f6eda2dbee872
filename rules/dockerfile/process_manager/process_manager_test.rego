package rules.dockerfile.process_manager_test

import data.rules.dockerfile.process_manager
import data.testing.dockerfile

_start(words, patch) := {
	"stages": [json.patch(
		dockerfile.stage([{"op": "replace", "path": "/cmd", "value": dockerfile.start("exec", {"words": words})}]),
		patch,
	)],
	"params": {"dockerfile.process_manager": {"programs": ["supervisord"]}},
}

test_manager_is_denied if {
	found := process_manager.deny with input as _start(["/usr/bin/supervisord", "-n"], [])
	found == {{"msg": "stage final starts a manager of several services: /usr/bin/supervisord", "at": "stages[final].cmd"}}
}

test_its_configuration_alone_passes if {
	found := process_manager.deny with input as _start(["app", "/etc/supervisord"], [])
	found == set()
}

test_name_within_another_passes if {
	found := process_manager.deny with input as _start(["notsupervisord"], [])
	found == set()
}

test_manager_in_a_stage_that_is_not_shipped_passes if {
	found := process_manager.deny with input as _start(["supervisord"], [{"op": "replace", "path": "/shipped", "value": false}])
	found == set()
}

test_manager_of_the_stage_below_is_named_there if {
	found := process_manager.deny with input as _start(["supervisord"], [{"op": "replace", "path": "/cmd/stage", "value": "base"}])
	found == set()
}
