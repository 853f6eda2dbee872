package rules.availability.rollout_cannot_proceed_test

import data.rules.availability.rollout_cannot_proceed
import data.testing.availability

_bounds(number, percent) := availability.deployment({"rollout": {
	"max_unavailable": {"number": number, "percent": percent},
	"max_surge": {"number": number, "percent": percent},
}})

test_both_zero_is_denied if {
	found := rollout_cannot_proceed.deny with input as _bounds(0, null)
	found == {{"msg": "maxUnavailable and maxSurge are both zero, which Kubernetes refuses", "at": "spec.strategy.rollingUpdate"}}
}

test_both_zero_as_shares_is_denied if {
	found := rollout_cannot_proceed.deny with input as _bounds(null, 0)
	found == {{"msg": "maxUnavailable and maxSurge are both zero, which Kubernetes refuses", "at": "spec.strategy.rollingUpdate"}}
}

test_a_surge_passes if {
	found := rollout_cannot_proceed.deny with input as availability.deployment({"rollout": {"max_unavailable": {"number": 0, "percent": null}}})
	found == set()
}

test_no_bounds_pass if {
	found := rollout_cannot_proceed.deny with input as availability.deployment({"rollout": {"max_unavailable": null, "max_surge": null}})
	found == set()
}
