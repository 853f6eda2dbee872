package rules.pipeline.secret_printed_test

import data.rules.pipeline.secret_printed
import data.testing.pipeline

_file(how, name) := pipeline.with_step({"prints": [{
	"how": how,
	"name": name,
	"at": "jobs[release].script[docker build .]",
}]})

test_echo_is_denied if {
	found := secret_printed.deny with input as _file("echo", "API_TOKEN")
	found == {{
		"msg": "job release prints the secret API_TOKEN",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_trace_is_denied if {
	found := secret_printed.deny with input as _file("trace", "API_TOKEN")
	found == {{
		"msg": "job release prints the secret API_TOKEN by set -x",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_environment_is_judged_by_another_rule if {
	found := secret_printed.deny with input as _file("environment", null)
	found == set()
}
