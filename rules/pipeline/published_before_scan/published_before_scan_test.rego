package rules.pipeline.published_before_scan_test

import data.rules.pipeline.published_before_scan
import data.testing.pipeline

_publish(scan, promoted) := pipeline.with_acts([pipeline.act({
	"kind": "publish",
	"order": {"scan": scan},
	"promoted": promoted,
})])

_denied := {{
	"msg": "job release publishes an image without waiting for the vulnerability scan",
	"at": "jobs[release].script[docker build .]",
}}

test_scan_after_publishing_is_denied if {
	found := published_before_scan.deny with input as _publish("after", false)
	found == _denied
}

test_scan_beside_publishing_is_denied if {
	found := published_before_scan.deny with input as _publish("beside", false)
	found == _denied
}

test_scan_before_publishing_passes if {
	found := published_before_scan.deny with input as _publish("before", false)
	found == set()
}

test_candidate_that_is_released_after_the_scan_passes if {
	found := published_before_scan.deny with input as _publish("after", true)
	found == set()
}

test_copy_of_what_is_in_a_registry_passes if {
	found := published_before_scan.deny with input as pipeline.with_acts([pipeline.act({"kind": "publish", "order": {"scan": "after"}, "copied": true})])
	found == set()
}

test_what_is_only_built_passes if {
	found := published_before_scan.deny with input as pipeline.with_acts([pipeline.act({"order": {"scan": "after"}})])
	found == set()
}
