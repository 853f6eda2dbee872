package rules.drift.instance_too_old_test

import data.rules.drift.instance_too_old
import data.testing.live_object

_given(changes, params) := object.union(live_object.facts(changes), {"params": {"drift.instance_too_old": params}})

test_old_pod_is_denied if {
	found := instance_too_old.deny with input as _given({"/workload/pods/oldest": {"name": "web-0", "age_days": 31}}, {"max_age_days": 30})
	found == {{"msg": "Pod web-0 has been running for 31 days", "at": "pods"}}
}

test_thirty_days_pass if {
	found := instance_too_old.deny with input as _given({"/workload/pods/oldest": {"name": "web-0", "age_days": 30}}, {"max_age_days": 30})
	found == set()
}

test_no_pod_passes if {
	found := instance_too_old.deny with input as _given({"/workload/pods/oldest": null}, {"max_age_days": 30})
	found == set()
}

test_object_without_pods_passes if {
	found := instance_too_old.deny with input as _given({"/workload": null}, {"max_age_days": 30})
	found == set()
}
