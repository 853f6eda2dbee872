package rules.availability.finished_job_kept_test

import data.rules.availability.finished_job_kept
import data.testing.availability

_job(changes) := availability.deployment(object.union(
	{"kind": "Job", "job": {"ttl_seconds_after_finished": null, "concurrency_policy": null}},
	changes,
))

test_a_job_without_a_time_to_live_is_denied if {
	found := finished_job_kept.deny with input as _job({})
	found == {{"msg": "is kept for ever once it has ended", "at": "spec"}}
}

test_a_job_with_a_time_to_live_passes if {
	found := finished_job_kept.deny with input as _job({"job": {"ttl_seconds_after_finished": 60}})
	found == set()
}

test_a_job_of_a_cron_job_passes if {
	found := finished_job_kept.deny with input as _job({"owners": ["CronJob/backup"]})
	found == set()
}

test_a_cron_job_passes if {
	found := finished_job_kept.deny with input as _job({"kind": "CronJob"})
	found == set()
}

test_a_hook_passes if {
	found := finished_job_kept.deny with input as _job({"annotations": {"helm.sh/hook": "pre-upgrade"}})
	found == set()
}
