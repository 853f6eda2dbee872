package rules.pipeline.secret_in_variables_test

import data.rules.pipeline.secret_in_variables
import data.testing.pipeline

_token := {"name": "API_TOKEN", "secret": true, "at": "variables[API_TOKEN]"}

_denied := {{"msg": "variable API_TOKEN holds a secret in clear", "at": "variables[API_TOKEN]"}}

_params := {"params": {"pipeline.secret_in_variables": {"harmless": ["CSRF_TOKEN"]}}}

_global(variable) := object.union(pipeline.file({"variables": [variable]}), _params)

_job := object.union(pipeline.with_job({"variables": [_token]}), _params)

_step := object.union(pipeline.with_step({"variables": [_token]}), _params)

test_secret_of_the_pipeline_is_denied if {
	found := secret_in_variables.deny with input as _global(_token)
	found == _denied
}

test_secret_of_a_job_is_denied if {
	found := secret_in_variables.deny with input as _job
	found == _denied
}

test_secret_of_a_step_is_denied if {
	found := secret_in_variables.deny with input as _step
	found == _denied
}

test_other_variables_pass if {
	found := secret_in_variables.deny with input as _global(object.union(_token, {"secret": false}))
	found == set()
}

test_name_that_is_declared_harmless_passes if {
	found := secret_in_variables.deny with input as _global(object.union(_token, {"name": "CSRF_TOKEN"}))
	found == set()
}
