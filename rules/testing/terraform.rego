# Facts of Terraform blocks that no rule objects to; tests change one thing at a time.
package testing.terraform

# A block with no more than every block has.
block(kind, name) := {
	"source": "configuration",
	"block": kind,
	"type": null,
	"name": name,
	"address": concat(".", [kind, name]),
	"module": null,
	"provider": null,
	"attributes": {},
	"unknown": [],
	"tags": {},
	"network_rules": [],
	"secrets": [],
	"lifecycle": null,
	"provisioners": [],
	"providers": null,
	"references": [],
	"repetition": null,
	"actions": null,
	"changed": null,
	"sensitive": false,
}

# A resource of a configuration, named main.
resource(type, attributes) := object.union(block("resource", "main"), {
	"type": type,
	"address": concat(".", [type, "main"]),
	"provider": "aws",
	"attributes": attributes,
	"lifecycle": {"create_before_destroy": false, "prevent_destroy": false, "ignore_changes": []},
})

# The same, as a plan tells it.
planned(type, actions, changed) := object.union(resource(type, {}), {
	"source": "plan",
	"lifecycle": null,
	"actions": actions,
	"changed": changed,
})

# A security group with one rule.
group(rule) := object.union(resource("aws_security_group", {}), {"network_rules": [object.union(
	{
		"direction": "ingress",
		"at": "ingress[22].cidr_blocks",
		"open": true,
		"protocol": "tcp",
		"from_port": 22,
		"to_port": 22,
		"has_ports": true,
	},
	rule,
)]})
