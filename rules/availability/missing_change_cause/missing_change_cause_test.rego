package rules.availability.missing_change_cause_test

import data.rules.availability.missing_change_cause
import data.testing.availability

test_no_change_cause_is_denied if {
	found := missing_change_cause.deny with input as json.remove(availability.deployment({}), ["annotations/kubernetes.io~1change-cause"])
	found == {{"msg": "has no annotation kubernetes.io/change-cause", "at": "metadata"}}
}

test_an_empty_change_cause_is_denied if {
	found := missing_change_cause.deny with input as availability.deployment({"annotations": {"kubernetes.io/change-cause": ""}})
	found == {{"msg": "has no annotation kubernetes.io/change-cause", "at": "metadata"}}
}

test_a_change_cause_passes if {
	found := missing_change_cause.deny with input as availability.deployment({})
	found == set()
}

test_a_job_has_no_history if {
	found := missing_change_cause.deny with input as availability.deployment({"kind": "Job", "annotations": {"kubernetes.io/change-cause": ""}})
	found == set()
}

test_what_a_controller_made_passes if {
	found := missing_change_cause.deny with input as availability.deployment({"owners": ["Web/web"], "annotations": {"kubernetes.io/change-cause": ""}})
	found == set()
}
