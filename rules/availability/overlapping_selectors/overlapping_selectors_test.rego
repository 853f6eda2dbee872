package rules.availability.overlapping_selectors_test

import data.rules.availability.overlapping_selectors
import data.testing.availability

test_overlapping_selectors_are_denied if {
	found := overlapping_selectors.deny with input as availability.deployment({"selector": {"overlaps": ["Deployment/api"]}})
	found == {{"msg": "selects the Pods of Deployment/api too, and they select its own", "at": "spec.selector"}}
}

test_selectors_apart_pass if {
	found := overlapping_selectors.deny with input as availability.deployment({})
	found == set()
}
