package rules.dockerfile.missing_user_test

import data.rules.dockerfile.missing_user
import data.testing.dockerfile

_params := {"params": {"dockerfile.missing_user": {"unprivileged_bases": ["nonroot"]}}}

_stage(patch) := object.union(_params, {"stages": [dockerfile.stage(array.concat(
	[{"op": "replace", "path": "/user", "value": null}],
	patch,
))]})

_denied := {{
	"msg": "stage final sets no user, so it runs as its base image's, or else as root",
	"at": "stages[final].user",
}}

test_no_user_is_denied if {
	found := missing_user.deny with input as _stage([])
	found == _denied
}

test_no_user_on_scratch_is_denied if {
	found := missing_user.deny with input as _stage([{"op": "replace", "path": "/base_image", "value": null}])
	found == _denied
}

test_user_passes if {
	found := missing_user.deny with input as object.union(_params, {"stages": [dockerfile.stage([])]})
	found == set()
}

test_stage_that_is_not_the_last_passes if {
	found := missing_user.deny with input as _stage([{"op": "replace", "path": "/final", "value": false}])
	found == set()
}

test_stage_that_starts_nothing_passes if {
	found := missing_user.deny with input as _stage([{"op": "replace", "path": "/runnable", "value": false}])
	found == set()
}

test_base_that_brings_a_user_passes if {
	base := {"op": "replace", "path": "/base_image/normalised", "value": "gcr.io/distroless/static:nonroot"}
	found := missing_user.deny with input as _stage([base])
	found == set()
}
