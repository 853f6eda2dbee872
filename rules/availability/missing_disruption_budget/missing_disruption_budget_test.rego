package rules.availability.missing_disruption_budget_test

import data.rules.availability.missing_disruption_budget
import data.testing.availability

test_replicas_without_a_budget_are_denied if {
	found := missing_disruption_budget.deny with input as availability.deployment({"disruption_budgets": []})
	found == {{"msg": "no disruption budget among the scanned files selects its Pods", "at": "spec.template.metadata"}}
}

test_a_cluster_is_told_about_the_namespace if {
	found := missing_disruption_budget.deny with input as availability.deployment({"disruption_budgets": [], "inventory": "complete"})
	found == {{"msg": "no disruption budget of its namespace selects its Pods", "at": "spec.template.metadata"}}
}

test_a_budget_passes if {
	found := missing_disruption_budget.deny with input as availability.deployment({})
	found == set()
}

test_one_replica_needs_none if {
	found := missing_disruption_budget.deny with input as availability.deployment({"disruption_budgets": [], "scaling": {"minimum": 1}})
	found == set()
}

test_a_daemon_set_needs_none if {
	found := missing_disruption_budget.deny with input as availability.deployment({"disruption_budgets": [], "scaling": {"minimum": null}})
	found == set()
}

test_what_a_controller_made_passes if {
	found := missing_disruption_budget.deny with input as availability.deployment({"disruption_budgets": [], "owners": ["Deployment/web"]})
	found == set()
}

test_a_rollout_whose_template_is_elsewhere_passes if {
	found := missing_disruption_budget.deny with input as availability.deployment({"disruption_budgets": [], "containers": []})
	found == set()
}
