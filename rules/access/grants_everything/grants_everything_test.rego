package rules.access.grants_everything_test

import data.rules.access.grants_everything
import data.testing.role

test_grant_is_denied if {
	found := grants_everything.deny with input as role.granting("everything", "* on *")
	found == {{"msg": "allows everything in the whole cluster (* on *)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := grants_everything.deny with input as role.granting("wildcard_verbs", "* on *")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := grants_everything.deny with input as object.union(role.granting("everything", "* on *"), {"builtin": true})
	found == set()
}

test_role_bound_in_namespaces_only_passes if {
	found := grants_everything.deny with input as role.granting_in_namespaces("everything", "* on *")
	found == set()
}
