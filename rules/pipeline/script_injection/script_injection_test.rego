package rules.pipeline.script_injection_test

import data.rules.pipeline.script_injection
import data.testing.pipeline

test_expression_in_a_script_is_denied if {
	found := script_injection.deny with input as pipeline.with_step({"injections": ["github.event.issue.title"]})
	found == {{
		"msg": "job release runs what strangers write in github.event.issue.title",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_script_without_such_expressions_passes if {
	found := script_injection.deny with input as pipeline.with_step({})
	found == set()
}
