package rules.observability.missing_runbook_test

import data.rules.observability.missing_runbook
import data.testing.pod_security

_with(difference) := object.union(
	object.union(object.remove(pod_security.deployment({}), ["annotations"]), {"annotations": {}}),
	object.union(difference, {"params": {"observability.missing_runbook": {"keys": ["runbook"]}}}),
)

test_service_without_runbook_is_denied if {
	found := missing_runbook.deny with input as _with({})
	found == {{"msg": "nothing says where its runbook is: none of runbook is an annotation", "at": "metadata"}}
}

test_annotation_passes if {
	found := missing_runbook.deny with input as _with({"annotations": {"runbook": "https://runbooks.example.com/web"}})
	found == set()
}

test_annotation_of_the_pod_passes if {
	found := missing_runbook.deny with input as _with({"pod": {"annotations": {"runbook": "https://runbooks.example.com/web"}}})
	found == set()
}

test_job_needs_none if {
	found := missing_runbook.deny with input as _with({"kind": "Job"})
	found == set()
}
