package rules.dockerfile.missing_healthcheck_test

import data.rules.dockerfile.missing_healthcheck
import data.testing.dockerfile

_stage(patch) := {"stages": [dockerfile.stage(array.concat(
	[{"op": "replace", "path": "/healthcheck", "value": null}],
	patch,
))]}

test_no_health_check_is_denied if {
	found := missing_healthcheck.deny with input as _stage([])
	found == {{"msg": "stage final has no health check", "at": "stages[final].healthcheck"}}
}

test_health_check_passes if {
	found := missing_healthcheck.deny with input as {"stages": [dockerfile.stage([])]}
	found == set()
}

test_stage_that_is_not_the_last_passes if {
	found := missing_healthcheck.deny with input as _stage([{"op": "replace", "path": "/final", "value": false}])
	found == set()
}

test_stage_that_starts_nothing_passes if {
	found := missing_healthcheck.deny with input as _stage([{"op": "replace", "path": "/runnable", "value": false}])
	found == set()
}
