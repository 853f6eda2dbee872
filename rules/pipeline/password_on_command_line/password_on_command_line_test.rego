package rules.pipeline.password_on_command_line_test

import data.rules.pipeline.password_on_command_line
import data.testing.pipeline

_file(how, name) := pipeline.with_step({"prints": [{
	"how": how,
	"name": name,
	"at": "jobs[release].script[docker build .]",
}]})

test_login_is_denied if {
	found := password_on_command_line.deny with input as _file("login", null)
	found == {{
		"msg": "job release logs in with a password on the command line",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_echo_is_judged_by_another_rule if {
	found := password_on_command_line.deny with input as _file("echo", "API_TOKEN")
	found == set()
}
