package rules.pipeline.published_unscanned_test

import data.rules.pipeline.published_unscanned
import data.testing.pipeline

_publish(scan) := pipeline.act({"kind": "publish", "order": {"scan": scan}})

_file(scan, changes) := object.union(pipeline.with_acts([_publish(scan)]), changes)

test_image_that_nothing_scans_is_denied if {
	found := published_unscanned.deny with input as _file("none", {})
	found == {{
		"msg": "job release publishes an image, and nothing in this pipeline scans for vulnerabilities",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_scanned_image_passes if {
	found := published_unscanned.deny with input as _file("before", {})
	found == set()
}

test_what_is_only_built_passes if {
	found := published_unscanned.deny with input as pipeline.with_acts([pipeline.act({"order": {"scan": "none"}})])
	found == set()
}

test_copy_of_what_is_in_a_registry_passes if {
	found := published_unscanned.deny with input as pipeline.with_acts([object.union(_publish("none"), {"copied": true})])
	found == set()
}

test_pipeline_with_parts_elsewhere_passes if {
	found := published_unscanned.deny with input as _file("none", {"complete": false})
	found == set()
}

test_repository_that_scans_in_another_workflow_passes if {
	found := published_unscanned.deny with input as _file("none", {"scanned_elsewhere": true})
	found == set()
}
