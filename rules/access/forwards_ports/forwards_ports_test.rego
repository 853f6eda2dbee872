package rules.access.forwards_ports_test

import data.rules.access.forwards_ports
import data.testing.role

test_grant_is_denied if {
	found := forwards_ports.deny with input as role.granting("forward_ports", "create on pods/portforward")
	found == {{"msg": "forwards ports of Pods (create on pods/portforward)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := forwards_ports.deny with input as role.granting("wildcard_verbs", "create on pods/portforward")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := forwards_ports.deny with input as object.union(role.granting("forward_ports", "create on pods/portforward"), {"builtin": true})
	found == set()
}
