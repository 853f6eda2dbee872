package rules.access.reads_secrets_everywhere_test

import data.rules.access.reads_secrets_everywhere
import data.testing.role

test_grant_is_denied if {
	found := reads_secrets_everywhere.deny with input as role.granting("read_secrets", "get, list on secrets")
	found == {{"msg": "reads the Secrets of all namespaces (get, list on secrets)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := reads_secrets_everywhere.deny with input as role.granting("wildcard_verbs", "get, list on secrets")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := reads_secrets_everywhere.deny with input as object.union(role.granting("read_secrets", "get, list on secrets"), {"builtin": true})
	found == set()
}

test_role_bound_in_namespaces_only_passes if {
	found := reads_secrets_everywhere.deny with input as role.granting_in_namespaces("read_secrets", "get, list on secrets")
	found == set()
}
