package rules.access.changes_workloads_test

import data.rules.access.changes_workloads
import data.testing.role

test_grant_is_denied if {
	found := changes_workloads.deny with input as role.granting("change_workloads", "create on pods")
	found == {{"msg": "creates or changes Pods, or what makes Pods (create on pods)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := changes_workloads.deny with input as role.granting("wildcard_verbs", "create on pods")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := changes_workloads.deny with input as object.union(role.granting("change_workloads", "create on pods"), {"builtin": true})
	found == set()
}
