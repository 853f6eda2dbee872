package rules.dockerfile.big_base_test

import data.rules.dockerfile.big_base
import data.testing.dockerfile

_base(tag, patch) := {
	"stages": [dockerfile.stage(array.concat(
		[
			{"op": "replace", "path": "/base_image/tag", "value": tag},
			{"op": "replace", "path": "/base_image/name", "value": "docker.io/library/node"},
		],
		patch,
	))],
	"params": {"dockerfile.big_base": {"images": ["docker.io/library/node"], "small_tags": ["slim"]}},
}

_denied := {{"msg": "stage final ships all of alpine:3.20", "at": "stages[final].base"}}

test_full_image_is_denied if {
	found := big_base.deny with input as _base("20", [])
	found == _denied
}

test_image_without_tag_is_denied if {
	found := big_base.deny with input as _base(null, [])
	found == _denied
}

test_small_variant_passes if {
	found := big_base.deny with input as _base("20-slim", [])
	found == set()
}

test_another_image_passes if {
	found := big_base.deny with input as _base("20", [{"op": "replace", "path": "/base_image/name", "value": "docker.io/library/nginx"}])
	found == set()
}

test_stage_that_is_not_the_last_passes if {
	found := big_base.deny with input as _base("20", [{"op": "replace", "path": "/final", "value": false}])
	found == set()
}

test_stage_that_starts_nothing_passes if {
	found := big_base.deny with input as _base("20", [{"op": "replace", "path": "/runnable", "value": false}])
	found == set()
}

test_no_image_passes if {
	found := big_base.deny with input as _base("20", [{"op": "replace", "path": "/base_image", "value": null}])
	found == set()
}
