package rules.availability.autoscaler_fights_replicas_test

import data.rules.availability.autoscaler_fights_replicas
import data.testing.availability

test_replicas_beside_an_autoscaler_are_denied if {
	found := autoscaler_fights_replicas.deny with input as availability.deployment({"applied_with": {"autoscalers": ["web"]}})
	found == {{"msg": "sets the replicas that autoscaler web sets too", "at": "spec.replicas"}}
}

test_no_replicas_pass if {
	found := autoscaler_fights_replicas.deny with input as availability.deployment({"applied_with": {"autoscalers": ["web"]}, "replicas": null})
	found == set()
}

test_no_autoscaler_passes if {
	found := autoscaler_fights_replicas.deny with input as availability.deployment({})
	found == set()
}

test_in_a_cluster_the_autoscaler_wrote_them if {
	found := autoscaler_fights_replicas.deny with input as availability.deployment({"applied_with": {"autoscalers": ["web"]}, "inventory": "complete"})
	found == set()
}
