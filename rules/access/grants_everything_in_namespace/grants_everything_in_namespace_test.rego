package rules.access.grants_everything_in_namespace_test

import data.rules.access.grants_everything_in_namespace
import data.testing.role

test_grant_is_denied if {
	found := grants_everything_in_namespace.deny with input as role.granting_in_namespaces("everything", "* on *")
	found == {{"msg": "allows everything in a namespace (* on *)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := grants_everything_in_namespace.deny with input as role.granting_in_namespaces("wildcard_verbs", "* on *")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := grants_everything_in_namespace.deny with input as object.union(role.granting_in_namespaces("everything", "* on *"), {"builtin": true})
	found == set()
}

test_role_bound_cluster_wide_passes if {
	found := grants_everything_in_namespace.deny with input as role.granting("everything", "* on *")
	found == set()
}
