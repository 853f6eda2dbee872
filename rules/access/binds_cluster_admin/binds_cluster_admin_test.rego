package rules.access.binds_cluster_admin_test

import data.rules.access.binds_cluster_admin
import data.testing.role_binding

test_service_account_as_cluster_admin_is_denied if {
	found := binds_cluster_admin.deny with input as role_binding.of("cluster-admin", role_binding.service_account("shop", "web"))
	found == {{"msg": "makes service account web an administrator of the cluster", "at": "subjects[web]"}}
}

test_other_role_passes if {
	found := binds_cluster_admin.deny with input as role_binding.binding
	found == set()
}

test_group_of_administrators_passes if {
	found := binds_cluster_admin.deny with input as role_binding.of("cluster-admin", role_binding.group("platform", null))
	found == set()
}

test_service_account_of_kubernetes_passes if {
	found := binds_cluster_admin.deny with input as role_binding.of("cluster-admin", role_binding.service_account("kube-system", "web"))
	found == set()
}

test_binding_in_a_namespace_is_told_by_another_rule if {
	found := binds_cluster_admin.deny with input as object.union(role_binding.of("cluster-admin", role_binding.service_account("shop", "web")), {"scope": "namespace"})
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := binds_cluster_admin.deny with input as object.union(role_binding.of("cluster-admin", role_binding.service_account("shop", "web")), {"builtin": true})
	found == set()
}
