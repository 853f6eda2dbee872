package rules.availability.several_disruption_budgets_test

import data.rules.availability.several_disruption_budgets
import data.testing.availability

test_two_budgets_are_denied if {
	found := several_disruption_budgets.deny with input as availability.deployment({"applied_with": {"disruption_budgets": ["all", "web"]}})
	found == {{"msg": "several disruption budgets select its Pods, which can then not be evicted: all, web", "at": "spec.template.metadata"}}
}

test_one_budget_passes if {
	found := several_disruption_budgets.deny with input as availability.deployment({})
	found == set()
}
