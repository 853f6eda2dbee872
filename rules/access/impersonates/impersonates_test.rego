package rules.access.impersonates_test

import data.rules.access.impersonates
import data.testing.role

test_grant_is_denied if {
	found := impersonates.deny with input as role.granting("impersonate", "impersonate on users")
	found == {{"msg": "impersonates others (impersonate on users)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := impersonates.deny with input as role.granting("wildcard_verbs", "impersonate on users")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := impersonates.deny with input as object.union(role.granting("impersonate", "impersonate on users"), {"builtin": true})
	found == set()
}
