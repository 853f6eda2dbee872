package rules.availability.disruption_budget_blocks_evictions_test

import data.rules.availability.disruption_budget_blocks_evictions
import data.testing.availability

_most(text, number, percent) := availability.budget({
	"min_available": null,
	"max_unavailable": {"text": text, "number": number, "percent": percent},
	"allowed_disruptions": 0,
})

_least(text, number, percent) := availability.budget({
	"min_available": {"text": text, "number": number, "percent": percent},
	"allowed_disruptions": 0,
})

test_no_pod_unavailable_is_denied if {
	found := disruption_budget_blocks_evictions.deny with input as _most("0", 0, null)
	found == {{"msg": "allows no Pod to be unavailable, so that none can be evicted", "at": "spec.maxUnavailable"}}
}

test_no_share_unavailable_is_denied if {
	found := disruption_budget_blocks_evictions.deny with input as _most("0%", null, 0)
	found == {{"msg": "allows no Pod to be unavailable, so that none can be evicted", "at": "spec.maxUnavailable"}}
}

test_one_unavailable_passes if {
	found := disruption_budget_blocks_evictions.deny with input as _most("1", 1, null)
	found == set()
}

test_all_available_is_denied if {
	found := disruption_budget_blocks_evictions.deny with input as _least("100%", null, 100)
	found == {{"msg": "wants all Pods available, so that none can be evicted", "at": "spec.minAvailable"}}
}

test_half_available_passes if {
	found := disruption_budget_blocks_evictions.deny with input as availability.budget({"min_available": {"text": "50%", "number": null, "percent": 50}})
	found == set()
}

test_as_many_as_there_are_is_denied if {
	found := disruption_budget_blocks_evictions.deny with input as _least("3", 3, null)
	found == {{"msg": "keeps 3 of the 3 Pods of Deployment/web, so that none can be evicted", "at": "spec.minAvailable"}}
}

test_what_is_scaled_to_zero_passes if {
	found := disruption_budget_blocks_evictions.deny with input as availability.budget({"pods": 0, "allowed_disruptions": 0})
	found == set()
}

test_a_budget_that_spares_one_passes if {
	found := disruption_budget_blocks_evictions.deny with input as availability.budget({})
	found == set()
}
