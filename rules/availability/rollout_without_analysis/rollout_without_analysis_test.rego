package rules.availability.rollout_without_analysis_test

import data.rules.availability.rollout_without_analysis
import data.testing.availability

_rollout(analysed) := availability.deployment({"kind": "Rollout", "rollout": {"at": "spec.strategy.canary", "analysed": analysed}})

test_a_rollout_by_the_clock_is_denied if {
	found := rollout_without_analysis.deny with input as _rollout(false)
	found == {{"msg": "neither metrics nor a person decide whether the rollout goes on", "at": "spec.strategy.canary"}}
}

test_an_analysis_passes if {
	found := rollout_without_analysis.deny with input as _rollout(true)
	found == set()
}

test_an_unknown_strategy_passes if {
	found := rollout_without_analysis.deny with input as _rollout(null)
	found == set()
}

test_a_deployment_passes if {
	found := rollout_without_analysis.deny with input as object.union(_rollout(false), {"kind": "Deployment"})
	found == set()
}
