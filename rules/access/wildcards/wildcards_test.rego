package rules.access.wildcards_test

import data.rules.access.wildcards
import data.testing.role

test_every_verb_is_denied if {
	found := wildcards.deny with input as role.granting("wildcard_verbs", "* on prometheuses")
	found == {{"msg": "allows every verb (* on prometheuses)", "at": "rules[0]"}}
}

test_every_resource_is_denied if {
	found := wildcards.deny with input as role.granting("wildcard_resources", "get on *")
	found == {{"msg": "allows every resource of an API group (get on *)", "at": "rules[0]"}}
}

test_every_api_group_is_denied if {
	found := wildcards.deny with input as role.granting("wildcard_api_groups", "get on deployments")
	found == {{"msg": "allows resources of every API group (get on deployments)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := wildcards.deny with input as role.granting("forward_ports", "create on pods/portforward")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := wildcards.deny with input as object.union(role.granting("wildcard_verbs", "* on pods"), {"builtin": true})
	found == set()
}
