package rules.pipeline.foreign_code_checked_out_test

import data.rules.pipeline.foreign_code_checked_out
import data.testing.pipeline

test_foreign_code_is_denied if {
	found := foreign_code_checked_out.deny with input as pipeline.with_step({"checks_out_foreign_code": true})
	found == {{
		"msg": "job release checks out a stranger's code where secrets are at hand",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_own_code_passes if {
	found := foreign_code_checked_out.deny with input as pipeline.with_step({})
	found == set()
}
