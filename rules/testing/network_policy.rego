# Facts of a NetworkPolicy that no rule objects to; tests change one thing at a time.
package testing.network_policy

policy := {
	"kind": "NetworkPolicy",
	"name": "web",
	"namespace": "shop",
	"inventory": "partial",
	"policy_types": ["Ingress", "Egress"],
	"selects_all": false,
	"selected": ["Deployment/web"],
	"selects_something": true,
	"selected_on_host_network": [],
	"workloads_in_namespace": 1,
	"ingress": [rule("ingress", {})],
	"egress": [rule("egress", {})],
}

rule(direction, differences) := object.union(
	{
		"at": concat("", ["spec.", direction, "[0]"]),
		"any_peer": false,
		"any_port": false,
		"every_namespace": [],
		"metadata_service": [],
		"plain_http": false,
		"every_port": [],
	},
	differences,
)

# The policy with one rule in that direction, which has these differences.
allowing(direction, differences) := object.union(policy, {direction: [rule(direction, differences)]})
