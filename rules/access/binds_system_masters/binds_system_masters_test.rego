package rules.access.binds_system_masters_test

import data.rules.access.binds_system_masters
import data.testing.role_binding

test_masters_are_denied if {
	found := binds_system_masters.deny with input as role_binding.of("cluster-admin", role_binding.group("system:masters", null))
	found == {{"msg": "binds cluster-admin to the group system:masters", "at": "subjects[system:masters]"}}
}

test_other_group_passes if {
	found := binds_system_masters.deny with input as role_binding.of("cluster-admin", role_binding.group("platform", null))
	found == set()
}

test_service_account_of_that_name_passes if {
	found := binds_system_masters.deny with input as role_binding.of("web", role_binding.service_account("shop", "system:masters"))
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := binds_system_masters.deny with input as object.union(role_binding.of("cluster-admin", role_binding.group("system:masters", null)), {"builtin": true})
	found == set()
}
