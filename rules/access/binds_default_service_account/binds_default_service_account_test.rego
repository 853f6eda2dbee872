package rules.access.binds_default_service_account_test

import data.rules.access.binds_default_service_account
import data.testing.role_binding

test_default_service_account_is_denied if {
	found := binds_default_service_account.deny with input as role_binding.of("web", role_binding.service_account("shop", "default"))
	found == {{"msg": "binds web to the default service account", "at": "subjects[default]"}}
}

test_other_service_account_passes if {
	found := binds_default_service_account.deny with input as role_binding.binding
	found == set()
}

test_group_of_that_name_passes if {
	found := binds_default_service_account.deny with input as role_binding.of("web", role_binding.group("default", null))
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := binds_default_service_account.deny with input as object.union(role_binding.of("web", role_binding.service_account("shop", "default")), {"builtin": true})
	found == set()
}
