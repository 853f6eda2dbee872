package rules.dockerfile.volume_for_state_test

import data.rules.dockerfile.volume_for_state
import data.testing.dockerfile

_file(shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/volumes", "value": [{"path": "/data", "at": "stages[final].volumes[/data]"}]},
	{"op": "replace", "path": "/shipped", "value": shipped},
])]}

test_volume_is_denied if {
	found := volume_for_state.deny with input as _file(true)
	found == {{"msg": "stage final declares a volume for /data", "at": "stages[final].volumes[/data]"}}
}

test_volume_of_a_stage_that_is_not_shipped_passes if {
	found := volume_for_state.deny with input as _file(false)
	found == set()
}
