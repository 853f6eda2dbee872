package rules.availability.runs_may_overlap_test

import data.rules.availability.runs_may_overlap
import data.testing.availability

_cron_job(policy) := availability.deployment({
	"kind": "CronJob",
	"job": {"ttl_seconds_after_finished": null, "concurrency_policy": policy},
})

test_no_policy_is_denied if {
	found := runs_may_overlap.deny with input as _cron_job(null)
	found == {{"msg": "starts its next run while the last one still works", "at": "spec"}}
}

test_allow_is_denied if {
	found := runs_may_overlap.deny with input as _cron_job("Allow")
	found == {{"msg": "starts its next run while the last one still works", "at": "spec"}}
}

test_forbid_passes if {
	found := runs_may_overlap.deny with input as _cron_job("Forbid")
	found == set()
}

test_another_kind_passes if {
	found := runs_may_overlap.deny with input as object.union(_cron_job(null), {"kind": "Job"})
	found == set()
}
