package rules.access.binds_authenticated_test

import data.rules.access.binds_authenticated
import data.testing.role_binding

_given(role, everybody) := object.union(role_binding.of(role, role_binding.group("everybody", everybody)), {"params": {"access.binds_authenticated": {"allowed_roles": ["ours"]}}})

test_role_for_all_users_is_denied if {
	found := binds_authenticated.deny with input as _given("web", "authenticated")
	found == {{"msg": "binds web to everybody who logs in (everybody)", "at": "subjects[everybody]"}}
}

test_role_for_all_pods_is_denied if {
	found := binds_authenticated.deny with input as _given("web", "service_accounts")
	found == {{"msg": "binds web to everybody who logs in (everybody)", "at": "subjects[everybody]"}}
}

test_named_group_passes if {
	found := binds_authenticated.deny with input as _given("web", null)
	found == set()
}

test_role_that_only_reads_passes if {
	found := binds_authenticated.deny with input as object.union(_given("web", "authenticated"), {"role": {"reads_only": true}})
	found == set()
}

test_role_that_changes_things_is_denied if {
	found := binds_authenticated.deny with input as object.union(_given("web", "authenticated"), {"role": {"reads_only": false}})
	found == {{"msg": "binds web to everybody who logs in (everybody)", "at": "subjects[everybody]"}}
}

test_allowed_role_passes if {
	found := binds_authenticated.deny with input as _given("ours", "authenticated")
	found == set()
}

test_public_role_passes if {
	found := binds_authenticated.deny with input as _given("system:discovery", "authenticated")
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := binds_authenticated.deny with input as object.union(_given("web", "authenticated"), {"builtin": true})
	found == set()
}
