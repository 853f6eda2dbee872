package rules.access.creates_persistent_volumes_test

import data.rules.access.creates_persistent_volumes
import data.testing.role

test_grant_is_denied if {
	found := creates_persistent_volumes.deny with input as role.granting("create_persistent_volumes", "create on persistentvolumes")
	found == {{"msg": "creates persistent volumes (create on persistentvolumes)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := creates_persistent_volumes.deny with input as role.granting("wildcard_verbs", "create on persistentvolumes")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := creates_persistent_volumes.deny with input as object.union(role.granting("create_persistent_volumes", "create on persistentvolumes"), {"builtin": true})
	found == set()
}
