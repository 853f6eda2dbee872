package rules.availability.disruption_budget_selects_nothing_test

import data.rules.availability.disruption_budget_selects_nothing
import data.testing.availability

test_a_budget_that_selects_nothing_is_denied if {
	found := disruption_budget_selects_nothing.deny with input as availability.budget({"selected": []})
	found == {{"msg": "selects none of the workloads of its namespace among the scanned files", "at": "spec.selector"}}
}

test_a_cluster_is_told_about_the_namespace if {
	found := disruption_budget_selects_nothing.deny with input as availability.budget({"selected": [], "inventory": "complete", "custom_resources_in_namespace": 1})
	found == {{"msg": "selects none of the workloads of its namespace", "at": "spec.selector"}}
}

test_a_custom_resource_may_make_the_pods if {
	found := disruption_budget_selects_nothing.deny with input as availability.budget({"selected": [], "custom_resources_in_namespace": 1})
	found == set()
}

test_a_budget_that_selects_a_workload_passes if {
	found := disruption_budget_selects_nothing.deny with input as availability.budget({})
	found == set()
}

test_a_budget_for_all_passes if {
	found := disruption_budget_selects_nothing.deny with input as availability.budget({"selected": [], "selects_all": true})
	found == set()
}

test_a_budget_beside_no_workload_passes if {
	found := disruption_budget_selects_nothing.deny with input as availability.budget({"selected": [], "workloads_in_namespace": 0})
	found == set()
}
