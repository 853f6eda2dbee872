package rules.availability.disruption_budget_without_limit_test

import data.rules.availability.disruption_budget_without_limit
import data.testing.availability

test_neither_limit_is_denied if {
	found := disruption_budget_without_limit.deny with input as availability.budget({"min_available": null})
	found == {{"msg": "states neither minAvailable nor maxUnavailable", "at": "spec"}}
}

test_both_limits_are_denied if {
	found := disruption_budget_without_limit.deny with input as availability.budget({"max_unavailable": {"text": "1", "number": 1, "percent": null}})
	found == {{"msg": "states both minAvailable and maxUnavailable, which Kubernetes refuses", "at": "spec.maxUnavailable"}}
}

test_one_limit_passes if {
	found := disruption_budget_without_limit.deny with input as availability.budget({})
	found == set()
}
