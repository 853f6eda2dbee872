package rules.access.escalates_privileges_test

import data.rules.access.escalates_privileges
import data.testing.role

test_grant_is_denied if {
	found := escalates_privileges.deny with input as role.granting("escalate", "bind on clusterroles")
	found == {{"msg": "gives itself or others more rights (bind on clusterroles)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := escalates_privileges.deny with input as role.granting("wildcard_verbs", "bind on clusterroles")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := escalates_privileges.deny with input as object.union(role.granting("escalate", "bind on clusterroles"), {"builtin": true})
	found == set()
}
