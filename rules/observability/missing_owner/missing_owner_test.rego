package rules.observability.missing_owner_test

import data.rules.observability.missing_owner
import data.testing.pod_security

_with(difference) := object.union(
	object.union(object.remove(pod_security.deployment({}), ["labels"]), {"labels": {}}),
	object.union(difference, {"params": {"observability.missing_owner": {"keys": ["owner", "team"]}}}),
)

test_nobodys_workload_is_denied if {
	found := missing_owner.deny with input as _with({})
	found == {{"msg": "nothing says whose it is: none of owner, team is a label or annotation", "at": "metadata"}}
}

test_label_passes if {
	found := missing_owner.deny with input as _with({"labels": {"team": "shop"}})
	found == set()
}

test_annotation_passes if {
	found := missing_owner.deny with input as _with({"annotations": {"owner": "shop@example.com"}})
	found == set()
}

test_label_of_the_pod_passes if {
	found := missing_owner.deny with input as _with({"pod": {"labels": {"owner": "shop"}}})
	found == set()
}
