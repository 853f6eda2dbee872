package rules.dockerfile.secret_in_env_test

import data.rules.dockerfile.secret_in_env
import data.testing.dockerfile

_token := {"name": "API_TOKEN", "value": null, "given": true, "secret": true, "at": "args[API_TOKEN]"}

_plain := object.union(_token, {"secret": false})

_file(args, env, stage_args) := {
	"args": args,
	"stages": [dockerfile.stage([
		{"op": "replace", "path": "/env", "value": env},
		{"op": "replace", "path": "/args", "value": stage_args},
	])],
	"params": {"dockerfile.secret_in_env": {"harmless": ["CSRF_TOKEN"]}},
}

_denied := {{"msg": "variable API_TOKEN writes a secret into the image or its history", "at": "args[API_TOKEN]"}}

test_secret_above_the_first_stage_is_denied if {
	found := secret_in_env.deny with input as _file([_token], [], [])
	found == _denied
}

test_secret_in_the_environment_is_denied if {
	found := secret_in_env.deny with input as _file([], [_token], [])
	found == _denied
}

test_secret_in_an_argument_of_a_stage_is_denied if {
	found := secret_in_env.deny with input as _file([], [], [_token])
	found == _denied
}

test_other_variables_pass if {
	found := secret_in_env.deny with input as _file([_plain], [_plain], [_plain])
	found == set()
}

test_name_that_is_declared_harmless_passes if {
	found := secret_in_env.deny with input as _file([object.union(_token, {"name": "CSRF_TOKEN"})], [], [])
	found == set()
}
