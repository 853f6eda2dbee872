package rules.pipeline.changes_running_instance_test

import data.rules.pipeline.changes_running_instance
import data.testing.pipeline

_reach(kind, changes) := pipeline.with_acts([pipeline.act({"kind": kind, "tool": "ssh", "changes": changes})])

_denied := {{
	"msg": "job release changes a running instance through ssh",
	"at": "jobs[release].script[docker build .]",
}}

test_change_by_exec_is_denied if {
	found := changes_running_instance.deny with input as _reach("exec", true)
	found == _denied
}

test_change_by_ssh_is_denied if {
	found := changes_running_instance.deny with input as _reach("ssh", true)
	found == _denied
}

test_looking_passes if {
	found := changes_running_instance.deny with input as _reach("ssh", false)
	found == set()
}

test_deploying_passes if {
	found := changes_running_instance.deny with input as _reach("deploy", true)
	found == set()
}
