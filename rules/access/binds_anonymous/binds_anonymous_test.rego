package rules.access.binds_anonymous_test

import data.rules.access.binds_anonymous
import data.testing.role_binding

_anonymous(role) := object.union(role_binding.of(role, role_binding.group("system:unauthenticated", "anonymous")), {"params": {"access.binds_anonymous": {"allowed_roles": ["ours"]}}})

test_role_for_everybody_is_denied if {
	found := binds_anonymous.deny with input as _anonymous("web")
	found == {{"msg": "binds web to everybody who did not log in (system:unauthenticated)", "at": "subjects[system:unauthenticated]"}}
}

test_public_role_passes if {
	found := binds_anonymous.deny with input as _anonymous("system:public-info-viewer")
	found == set()
}

test_allowed_role_passes if {
	found := binds_anonymous.deny with input as _anonymous("ours")
	found == set()
}

test_those_who_logged_in_are_told_by_another_rule if {
	found := binds_anonymous.deny with input as object.union(_anonymous("web"), {"subjects": [role_binding.group("system:authenticated", "authenticated")]})
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := binds_anonymous.deny with input as object.union(_anonymous("web"), {"builtin": true})
	found == set()
}
