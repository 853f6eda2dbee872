package rules.access.enters_containers_test

import data.rules.access.enters_containers
import data.testing.role

test_grant_is_denied if {
	found := enters_containers.deny with input as role.granting("enter_containers", "create on pods/exec")
	found == {{"msg": "lets its holders into containers (create on pods/exec)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := enters_containers.deny with input as role.granting("wildcard_verbs", "create on pods/exec")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := enters_containers.deny with input as object.union(role.granting("enter_containers", "create on pods/exec"), {"builtin": true})
	found == set()
}
