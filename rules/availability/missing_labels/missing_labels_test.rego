package rules.availability.missing_labels_test

import data.rules.availability.missing_labels
import data.testing.availability

_deployment(changes, labels) := object.union(
	availability.deployment({"params": {"availability.missing_labels": {"labels": labels}}}),
	changes,
)

test_missing_labels_are_denied if {
	found := missing_labels.deny with input as _deployment({"owners": []}, ["app.kubernetes.io/name", "team", "tier"])
	found == {{"msg": "lacks the labels team, tier", "at": "metadata"}}
}

test_all_labels_pass if {
	found := missing_labels.deny with input as _deployment({}, ["app.kubernetes.io/name"])
	found == set()
}

test_what_a_controller_made_passes if {
	found := missing_labels.deny with input as _deployment({"owners": ["Deployment/web"]}, ["team"])
	found == set()
}
