package rules.availability.spread_counts_other_pods_test

import data.rules.availability.spread_counts_other_pods
import data.testing.availability

_constraint(changes) := availability.deployment({"scheduling": {"spread_constraints": [object.union(availability.spread_constraint, changes)]}})

test_a_selector_for_other_pods_is_denied if {
	found := spread_counts_other_pods.deny with input as _constraint({"selects_itself": false})
	found == {{"msg": "the spread over topology.kubernetes.io/zone selects other Pods than its own", "at": "spec.template.spec.topologySpreadConstraints[0]"}}
}

test_no_selector_is_denied if {
	found := spread_counts_other_pods.deny with input as _constraint({"selects_itself": false, "has_selector": false, "topology_key": null})
	found == {{"msg": "the spread over no topology key has no label selector, and so counts no Pods", "at": "spec.template.spec.topologySpreadConstraints[0]"}}
}

test_a_selector_for_its_own_pods_passes if {
	found := spread_counts_other_pods.deny with input as availability.deployment({})
	found == set()
}
