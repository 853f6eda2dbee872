package rules.access.binds_cluster_admin_in_namespace_test

import data.rules.access.binds_cluster_admin_in_namespace
import data.testing.role_binding

_bound(role) := object.union(role_binding.of(role, role_binding.group("shop", null)), {"scope": "namespace"})

test_cluster_admin_in_a_namespace_is_denied if {
	found := binds_cluster_admin_in_namespace.deny with input as _bound("cluster-admin")
	found == {{"msg": "binds cluster-admin in a namespace, where admin would be enough", "at": "roleRef.name"}}
}

test_admin_passes if {
	found := binds_cluster_admin_in_namespace.deny with input as _bound("admin")
	found == set()
}

test_role_of_that_name_passes if {
	found := binds_cluster_admin_in_namespace.deny with input as object.union(_bound("cluster-admin"), {"role": {"kind": "Role"}})
	found == set()
}

test_binding_of_the_cluster_is_told_by_another_rule if {
	found := binds_cluster_admin_in_namespace.deny with input as object.union(_bound("cluster-admin"), {"scope": "cluster"})
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := binds_cluster_admin_in_namespace.deny with input as object.union(_bound("cluster-admin"), {"builtin": true})
	found == set()
}
