package rules.access.role_not_found_test

import data.rules.access.role_not_found
import data.testing.role_binding

_cluster(found) := object.union(role_binding.binding, {"inventory": "complete", "role": {"found": found}})

_files(name, found, unbound) := object.union(role_binding.binding, {
	"role": {"kind": "Role", "name": name, "found": found},
	"unbound_roles": unbound,
})

test_missing_role_of_a_cluster_is_denied if {
	found := role_not_found.deny with input as _cluster(false)
	found == {{"msg": "binds ClusterRole web, which does not exist", "at": "roleRef.name"}}
}

test_role_of_a_cluster_passes if {
	found := role_not_found.deny with input as _cluster(true)
	found == set()
}

test_binding_of_kubernetes_passes if {
	found := role_not_found.deny with input as object.union(_cluster(false), {"builtin": true})
	found == set()
}

test_misspelt_role_among_files_is_denied if {
	found := role_not_found.deny with input as _files("wbe", false, ["web"])
	found == {{"msg": "binds wbe, which is not among the scanned files, where nothing binds web", "at": "roleRef.name"}}
}

test_role_among_files_passes if {
	found := role_not_found.deny with input as _files("web", true, ["web"])
	found == set()
}

test_role_that_may_be_elsewhere_passes if {
	found := role_not_found.deny with input as _files("wbe", false, [])
	found == set()
}

test_role_of_kubernetes_passes if {
	found := role_not_found.deny with input as _files("extension-apiserver-authentication-reader", false, ["web"])
	found == set()
}
