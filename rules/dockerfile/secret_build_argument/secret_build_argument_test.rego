package rules.dockerfile.secret_build_argument_test

import data.rules.dockerfile.secret_build_argument
import data.testing.dockerfile

_arg(names_secret, given, shipped) := {"stages": [dockerfile.stage([
	{"op": "replace", "path": "/shipped", "value": shipped},
	{"op": "replace", "path": "/args", "value": [{
		"name": "NPM_TOKEN",
		"names_secret": names_secret,
		"given": given,
		"at": "stages[final].args[NPM_TOKEN]",
	}]},
])]}

test_argument_for_a_secret_is_denied if {
	found := secret_build_argument.deny with input as _arg(true, false, true)
	found == {{"msg": "stage final takes a secret as a build argument: NPM_TOKEN", "at": "stages[final].args[NPM_TOKEN]"}}
}

test_other_arguments_pass if {
	found := secret_build_argument.deny with input as _arg(false, false, true)
	found == set()
}

test_value_that_is_written_down_is_for_another_rule if {
	found := secret_build_argument.deny with input as _arg(true, true, true)
	found == set()
}

test_stage_that_is_not_shipped_passes if {
	found := secret_build_argument.deny with input as _arg(true, false, false)
	found == set()
}
