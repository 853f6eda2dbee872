package rules.availability.replicas_not_spread_test

import data.rules.availability.replicas_not_spread
import data.testing.availability

test_replicas_that_nothing_keeps_apart_are_denied if {
	found := replicas_not_spread.deny with input as availability.deployment({"scheduling": {"spread_constraints": []}})
	found == {{"msg": "neither spread constraints nor anti-affinity keep its replicas apart", "at": "spec.template.spec"}}
}

test_spread_constraints_pass if {
	found := replicas_not_spread.deny with input as availability.deployment({})
	found == set()
}

test_anti_affinity_passes if {
	found := replicas_not_spread.deny with input as availability.deployment({"scheduling": {"spread_constraints": [], "anti_affinity_to_itself": true}})
	found == set()
}

test_one_replica_passes if {
	found := replicas_not_spread.deny with input as availability.deployment({"scheduling": {"spread_constraints": []}, "scaling": {"minimum": 1}})
	found == set()
}

test_a_daemon_set_passes if {
	found := replicas_not_spread.deny with input as availability.deployment({"scheduling": {"spread_constraints": []}, "scaling": {"minimum": null}})
	found == set()
}

test_what_a_controller_made_passes if {
	found := replicas_not_spread.deny with input as availability.deployment({"scheduling": {"spread_constraints": []}, "owners": ["Deployment/web"]})
	found == set()
}

test_a_rollout_whose_template_is_elsewhere_passes if {
	found := replicas_not_spread.deny with input as availability.deployment({"scheduling": {"spread_constraints": []}, "containers": []})
	found == set()
}
