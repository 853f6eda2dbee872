package rules.pipeline.scan_cannot_fail_test

import data.rules.pipeline.scan_cannot_fail
import data.testing.pipeline

_scan(gates) := pipeline.act({"kind": "scan", "tool": "trivy", "gates": gates})

test_scan_without_consequence_is_denied if {
	found := scan_cannot_fail.deny with input as pipeline.with_acts([_scan(false)])
	found == {{
		"msg": "the scan by trivy in job release cannot fail the pipeline",
		"at": "jobs[release].script[docker build .]",
	}}
}

test_scan_that_can_fail_passes if {
	found := scan_cannot_fail.deny with input as pipeline.with_acts([_scan(true)])
	found == set()
}

test_scan_that_may_be_judged_elsewhere_passes if {
	found := scan_cannot_fail.deny with input as pipeline.with_acts([_scan(null)])
	found == set()
}

test_second_scan_that_can_fail_is_enough if {
	found := scan_cannot_fail.deny with input as pipeline.with_acts([_scan(false), _scan(true)])
	found == set()
}

test_other_acts_pass if {
	found := scan_cannot_fail.deny with input as pipeline.with_acts([pipeline.act({"gates": false})])
	found == set()
}
