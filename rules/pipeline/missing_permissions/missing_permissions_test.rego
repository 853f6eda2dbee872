package rules.pipeline.missing_permissions_test

import data.rules.pipeline.missing_permissions
import data.testing.pipeline

_missing := {"state": "missing", "at": "permissions"}

_limited := {"state": "limited", "at": "permissions"}

_file(top, own) := object.union(pipeline.with_job({"permissions": own}), {"permissions": top})

test_job_without_permissions_is_denied if {
	found := missing_permissions.deny with input as _file(_missing, _missing)
	found == {{"msg": "the token's permissions are not given for release", "at": "permissions"}}
}

test_permissions_at_the_top_pass if {
	found := missing_permissions.deny with input as _file(_limited, _missing)
	found == set()
}

test_permissions_of_every_job_pass if {
	found := missing_permissions.deny with input as _file(_missing, _limited)
	found == set()
}

test_other_systems_have_none if {
	found := missing_permissions.deny with input as _file(null, null)
	found == set()
}
