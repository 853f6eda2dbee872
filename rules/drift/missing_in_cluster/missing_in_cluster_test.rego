package rules.drift.missing_in_cluster_test

import data.rules.drift.missing_in_cluster
import data.testing.live_object

test_missing_object_is_denied if {
	found := missing_in_cluster.deny with input as live_object.facts({"/presence": "missing"})
	found == {{
		"msg": "Deployment web is declared in deploy/web.yaml, and not in the cluster",
		"at": "metadata.name",
	}}
}

test_place_may_be_unknown if {
	found := missing_in_cluster.deny with input as live_object.facts({"/presence": "missing", "/declared": null})
	found == {{"msg": "Deployment web is declared, and not in the cluster", "at": "metadata.name"}}
}

test_object_that_comes_and_goes_passes if {
	found := missing_in_cluster.deny with input as live_object.facts({"/presence": "missing", "/transient": true})
	found == set()
}

test_present_object_passes if {
	found := missing_in_cluster.deny with input as live_object.facts({})
	found == set()
}

test_object_that_was_not_compared_passes if {
	found := missing_in_cluster.deny with input as live_object.facts({"/presence": "not_compared"})
	found == set()
}
