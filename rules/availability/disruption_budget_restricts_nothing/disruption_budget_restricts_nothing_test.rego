package rules.availability.disruption_budget_restricts_nothing_test

import data.rules.availability.disruption_budget_restricts_nothing
import data.testing.availability

_most(percent) := availability.budget({"min_available": null, "max_unavailable": {"text": "x%", "number": null, "percent": percent}})

test_none_available_is_denied if {
	found := disruption_budget_restricts_nothing.deny with input as availability.budget({"min_available": {"text": "0", "number": 0}})
	found == {{"msg": "asks for no available Pod, and so protects none", "at": "spec.minAvailable"}}
}

test_no_share_available_is_denied if {
	found := disruption_budget_restricts_nothing.deny with input as availability.budget({"min_available": {"text": "0%", "number": null, "percent": 0}})
	found == {{"msg": "asks for no available Pod, and so protects none", "at": "spec.minAvailable"}}
}

test_all_unavailable_is_denied if {
	found := disruption_budget_restricts_nothing.deny with input as _most(100)
	found == {{"msg": "lets all Pods be unavailable, and so protects none", "at": "spec.maxUnavailable"}}
}

test_half_unavailable_passes if {
	found := disruption_budget_restricts_nothing.deny with input as _most(50)
	found == set()
}

test_some_available_passes if {
	found := disruption_budget_restricts_nothing.deny with input as availability.budget({})
	found == set()
}
