package rules.availability.rollout_stops_everything_test

import data.rules.availability.rollout_stops_everything
import data.testing.availability

_unavailable(resolved) := availability.deployment({"rollout": {"max_unavailable": {"text": "100%", "resolved": resolved}}})

test_all_replicas_at_once_are_denied if {
	found := rollout_stops_everything.deny with input as _unavailable(3)
	found == {{"msg": "lets 100% of 3 replicas stop at once", "at": "spec.strategy.rollingUpdate.maxUnavailable"}}
}

test_some_replicas_pass if {
	found := rollout_stops_everything.deny with input as _unavailable(2)
	found == set()
}

test_no_number_passes if {
	found := rollout_stops_everything.deny with input as _unavailable(null)
	found == set()
}

test_one_replica_passes if {
	found := rollout_stops_everything.deny with input as object.union(_unavailable(1), {"scaling": {"minimum": 1}})
	found == set()
}

test_what_serves_nobody_passes if {
	found := rollout_stops_everything.deny with input as object.union(_unavailable(3), {"applied_with": {"services": []}})
	found == set()
}

test_a_daemon_set_passes if {
	found := rollout_stops_everything.deny with input as object.union(_unavailable(3), {"kind": "DaemonSet"})
	found == set()
}
