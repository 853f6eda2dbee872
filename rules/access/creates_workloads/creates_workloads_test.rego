package rules.access.creates_workloads_test

import data.rules.access.creates_workloads
import data.testing.role

test_grant_is_denied if {
	found := creates_workloads.deny with input as role.granting("create_workloads", "create on pods")
	found == {{"msg": "creates Pods, or what makes Pods (create on pods)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := creates_workloads.deny with input as role.granting("wildcard_verbs", "create on pods")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := creates_workloads.deny with input as object.union(role.granting("create_workloads", "create on pods"), {"builtin": true})
	found == set()
}
