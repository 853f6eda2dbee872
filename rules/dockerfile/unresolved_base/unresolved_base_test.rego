package rules.dockerfile.unresolved_base_test

import data.rules.dockerfile.unresolved_base
import data.testing.dockerfile

_base(unresolved) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/base/unresolved", "value": unresolved},
	{"op": "replace", "path": "/base/unset", "value": ["VERSION"]},
	{"op": "replace", "path": "/base/text", "value": "alpine:$VERSION"},
])]}

test_base_that_an_argument_without_default_decides_is_denied if {
	found := unresolved_base.deny with input as _base(true)
	found == {{
		"msg": "stage final builds on alpine:$VERSION, but there is no default for VERSION",
		"at": "stages[final].base",
	}}
}

test_base_that_is_known_without_the_argument_passes if {
	found := unresolved_base.deny with input as _base(false)
	found == set()
}
