package rules.dockerfile.package_cache_kept_test

import data.rules.dockerfile.package_cache_kept
import data.testing.dockerfile

_stage(changes, shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/runs", "value": [dockerfile.run(changes)]},
	{"op": "replace", "path": "/shipped", "value": shipped},
])]}

test_cache_that_stays_is_denied if {
	found := package_cache_kept.deny with input as _stage({"keeps_cache": true}, true)
	found == {{
		"msg": "stage final keeps in a layer what package managers fetched: apk",
		"at": "stages[final].runs[apk add curl]",
	}}
}

test_cache_that_is_removed_passes if {
	found := package_cache_kept.deny with input as _stage({"keeps_cache": false}, true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := package_cache_kept.deny with input as _stage({"keeps_cache": true}, false)
	found == set()
}
