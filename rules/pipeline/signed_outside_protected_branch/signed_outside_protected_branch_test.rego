package rules.pipeline.signed_outside_protected_branch_test

import data.rules.pipeline.signed_outside_protected_branch
import data.testing.pipeline

_sign(protected) := pipeline.with_acts([pipeline.act({"kind": "sign", "only_protected": protected})])

test_signing_on_every_branch_is_denied if {
	found := signed_outside_protected_branch.deny with input as _sign(false)
	found == {{
		"msg": "job release signs on branches that nobody protects",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_signing_on_the_main_branch_passes if {
	found := signed_outside_protected_branch.deny with input as _sign(true)
	found == set()
}

test_unknown_condition_passes if {
	found := signed_outside_protected_branch.deny with input as _sign(null)
	found == set()
}

test_building_on_every_branch_passes if {
	found := signed_outside_protected_branch.deny with input as pipeline.with_acts([pipeline.act({"only_protected": false})])
	found == set()
}
