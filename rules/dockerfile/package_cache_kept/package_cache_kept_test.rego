package rules.dockerfile.package_cache_kept_test

import data.rules.dockerfile.package_cache_kept
import data.testing.dockerfile

_stage(changes, shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/runs", "value": [dockerfile.run(changes)]},
	{"op": "replace", "path": "/shipped", "value": shipped},
])]}

test_index_that_stays_is_denied if {
	found := package_cache_kept.deny with input as _stage({"keeps_index": true}, true)
	found == {{
		"msg": "stage final keeps the package index of apk in a layer",
		"at": "stages[final].runs[apk add curl]",
	}}
}

test_index_that_is_removed_passes if {
	found := package_cache_kept.deny with input as _stage({"keeps_index": false}, true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := package_cache_kept.deny with input as _stage({"keeps_index": true}, false)
	found == set()
}
