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
	"database": null,
	"storage": null,
	"machine": null,
	"listeners": [],
	"administrators": [],
	"used_by": null,
	"nat": null,
	"folder": null,
	"secrets": [],
	"lifecycle": null,
	"provisioners": [],
	"providers": null,
	"references": [],
	"repetition": null,
	"actions": null,
	"changed": null,
	"sensitive": false,
	"names_secret": false,
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
		"administration": [],
		"databases": [],
	},
	rule,
)]})

# A database with one setting, or with its place where the setting is not known.
database(setting, value) := object.union(resource("aws_db_instance", {}), {"database": {
	"is_replica": false,
	setting: {"value": value, "at": setting},
}})

# The same of a bucket.
bucket(setting, value) := object.union(resource("aws_s3_bucket", {}), {
	"used_by": [],
	"storage": {"volumes": [], "holds_terraform_state": false, setting: {"value": value, "at": setting}},
})

# The same of a machine.
machine(setting, value) := object.union(resource("aws_instance", {}), {"machine": {
	"script_secrets": [],
	setting: {"value": value, "at": setting},
}})

# A root folder with its terraform block.
folder(changes) := object.union(block("terraform", "terraform"), {
	"address": "terraform",
	"folder": object.union({"is_root": true, "has_lock_file": true, "backend": null}, changes),
	"providers": [],
})

# A resource that listens.
listener(setting, value) := object.union(resource("aws_lb_listener", {}), {"listeners": [object.union(
	{"plaintext": null, "outdated_tls": null},
	{setting: {"value": value, "at": setting}},
)]})
