package rules.availability.selector_mismatch_test

import data.rules.availability.selector_mismatch
import data.testing.availability

test_a_selector_for_other_pods_is_denied if {
	found := selector_mismatch.deny with input as availability.deployment({"selector": {"matches_template": false}})
	found == {{"msg": "its selector does not match the labels of its own Pods", "at": "spec.selector"}}
}

test_a_selector_for_its_own_pods_passes if {
	found := selector_mismatch.deny with input as availability.deployment({})
	found == set()
}

test_no_selector_passes if {
	found := selector_mismatch.deny with input as availability.deployment({"selector": {"matches_template": null}})
	found == set()
}
