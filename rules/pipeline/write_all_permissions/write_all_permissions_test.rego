package rules.pipeline.write_all_permissions_test

import data.rules.pipeline.write_all_permissions
import data.testing.pipeline

_all(at) := {"state": "write-all", "at": at}

_limited := {"state": "limited", "at": "permissions"}

_file(top, own) := object.union(pipeline.with_job({"permissions": own}), {"permissions": top})

test_write_all_at_the_top_is_denied if {
	found := write_all_permissions.deny with input as _file(_all("permissions"), _limited)
	found == {{"msg": "the token of every job may write to everything", "at": "permissions"}}
}

test_write_all_of_a_job_is_denied if {
	found := write_all_permissions.deny with input as _file(_limited, _all("jobs[release].permissions"))
	found == {{
		"msg": "the token of job release may write to everything",
		"at": "jobs[release].permissions",
	}}
}

test_limited_permissions_pass if {
	found := write_all_permissions.deny with input as _file(_limited, _limited)
	found == set()
}
