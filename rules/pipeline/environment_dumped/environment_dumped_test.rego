package rules.pipeline.environment_dumped_test

import data.rules.pipeline.environment_dumped
import data.testing.pipeline

_file(how, name) := pipeline.with_step({"prints": [{
	"how": how,
	"name": name,
	"at": "jobs[release].script[docker build .]",
}]})

test_environment_is_denied if {
	found := environment_dumped.deny with input as _file("environment", null)
	found == {{
		"msg": "job release prints its whole environment",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_single_variable_is_judged_by_another_rule if {
	found := environment_dumped.deny with input as _file("echo", "API_TOKEN")
	found == set()
}
