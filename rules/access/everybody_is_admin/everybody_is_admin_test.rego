package rules.access.everybody_is_admin_test

import data.rules.access.everybody_is_admin
import data.testing.role_binding

test_anonymous_administrators_are_denied if {
	found := everybody_is_admin.deny with input as role_binding.of("cluster-admin", role_binding.group("system:unauthenticated", "anonymous"))
	found == {{"msg": "gives cluster-admin to everybody (system:unauthenticated)", "at": "subjects[system:unauthenticated]"}}
}

test_role_that_allows_everything_is_denied if {
	found := everybody_is_admin.deny with input as object.union(role_binding.of("web", role_binding.group("system:serviceaccounts", "service_accounts")), {"role": {"grants": ["everything"]}})
	found == {{"msg": "gives web to everybody (system:serviceaccounts)", "at": "subjects[system:serviceaccounts]"}}
}

test_role_of_a_namespace_passes if {
	found := everybody_is_admin.deny with input as object.union(role_binding.of("admin", role_binding.group("system:authenticated", "authenticated")), {"role": {"kind": "Role"}})
	found == set()
}

test_named_administrators_pass if {
	found := everybody_is_admin.deny with input as role_binding.of("cluster-admin", role_binding.group("platform", null))
	found == set()
}

test_other_role_for_everybody_passes if {
	found := everybody_is_admin.deny with input as role_binding.of("web", role_binding.group("system:authenticated", "authenticated"))
	found == set()
}
