package rules.network_policies.namespace_without_default_deny_test

import data.rules.network_policies.namespace_without_default_deny

_namespace(name, ingress) := {"name": name, "inventory": "partial", "default_deny": {"ingress": ingress, "egress": []}}

test_namespace_without_default_deny_is_denied if {
	found := namespace_without_default_deny.deny with input as _namespace("shop", [])
	found == {{
		"msg": "no network policy among the scanned files selects every Pod of the namespace for ingress",
		"at": "metadata.name",
	}}
}

test_namespace_of_a_cluster_is_told_so if {
	found := namespace_without_default_deny.deny with input as object.union(_namespace("shop", []), {"inventory": "complete"})
	found == {{
		"msg": "no network policy of the cluster selects every Pod of the namespace for ingress",
		"at": "metadata.name",
	}}
}

test_namespace_with_default_deny_passes if {
	found := namespace_without_default_deny.deny with input as _namespace("shop", ["default-deny"])
	found == set()
}

test_namespaces_of_kubernetes_pass if {
	found := namespace_without_default_deny.deny with input as _namespace("kube-system", [])
	found == set()
}
