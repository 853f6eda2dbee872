package rules.network_policies.not_isolated_ingress_test

import data.rules.network_policies.not_isolated_ingress
import data.testing.workload

_selected_by(policies) := object.union(
	json.remove(workload.deployment([]), ["network_policies"]),
	{"network_policies": {"ingress": policies, "egress": policies}},
)

test_workload_without_ingress_policy_is_denied if {
	found := not_isolated_ingress.deny with input as _selected_by([])
	found == {{
		"msg": "no network policy among the scanned files isolates its Pods for ingress",
		"at": "spec.template.metadata",
	}}
}

test_workload_in_a_cluster_is_told_about_its_namespace if {
	found := not_isolated_ingress.deny with input as object.union(_selected_by([]), {"inventory": "complete"})
	found == {{
		"msg": "no network policy of its namespace isolates its Pods for ingress",
		"at": "spec.template.metadata",
	}}
}

test_workload_with_ingress_policy_passes if {
	found := not_isolated_ingress.deny with input as _selected_by(["default-deny"])
	found == set()
}

test_no_policy_applies_to_the_host_network if {
	found := not_isolated_ingress.deny with input as object.union(_selected_by([]), {"pod": {"host_network": true}})
	found == set()
}

test_rollout_whose_template_is_elsewhere_passes if {
	found := not_isolated_ingress.deny with input as json.patch(_selected_by([]), [{"op": "replace", "path": "/containers", "value": []}])
	found == set()
}
