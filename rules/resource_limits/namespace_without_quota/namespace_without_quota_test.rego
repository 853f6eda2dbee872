package rules.resource_limits.namespace_without_quota_test

import data.rules.resource_limits.namespace_without_quota

_namespace(name, found) := {"name": name, "inventory": "partial", "resource_quotas": found}

test_namespace_without_one_is_denied if {
	found := namespace_without_quota.deny with input as _namespace("shop", [])
	found == {{"msg": "no ResourceQuota among the scanned files is for this namespace", "at": "metadata.name"}}
}

test_namespace_of_a_cluster_is_told_so if {
	found := namespace_without_quota.deny with input as object.union(_namespace("shop", []), {"inventory": "complete"})
	found == {{"msg": "no ResourceQuota of the cluster is for this namespace", "at": "metadata.name"}}
}

test_namespace_with_one_passes if {
	found := namespace_without_quota.deny with input as _namespace("shop", ["shop"])
	found == set()
}

test_namespaces_of_kubernetes_pass if {
	found := namespace_without_quota.deny with input as _namespace("kube-system", [])
	found == set()
}
