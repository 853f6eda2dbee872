package rules.access.reaches_kubelets_test

import data.rules.access.reaches_kubelets
import data.testing.role

test_grant_is_denied if {
	found := reaches_kubelets.deny with input as role.granting("reach_kubelets", "get on nodes/proxy")
	found == {{"msg": "reaches the kubelets, which run commands in containers (get on nodes/proxy)", "at": "rules[0]"}}
}

test_other_grant_passes if {
	found := reaches_kubelets.deny with input as role.granting("wildcard_verbs", "get on nodes/proxy")
	found == set()
}

test_roles_of_kubernetes_pass if {
	found := reaches_kubelets.deny with input as object.union(role.granting("reach_kubelets", "get on nodes/proxy"), {"builtin": true})
	found == set()
}
