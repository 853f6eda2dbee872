# Facts of a ConfigMap that no rule objects to, changed by the object.
package testing.configuration

config_map(change) := object.union(_config_map, change)

secret(change) := object.union(_config_map, object.union({"kind": "Secret", "name": "db-v1", "type": "Opaque"}, change))

key(change) := object.union(
	{
		"key": "app.properties",
		"at": "data[app.properties]",
		"format": "properties",
		"size": 20,
		"empty": false,
		"error": null,
		"secret": null,
		"settings": [],
	},
	change,
)

_config_map := {
	"kind": "ConfigMap",
	"name": "app-v1",
	"namespace": "shop",
	"labels": {},
	"annotations": {},
	"inventory": "partial",
	"schema_errors": [],
	"type": null,
	"immutable": true,
	"keys": [key({})],
	"size": 20,
	"used_by": ["Deployment/web"],
	"version_label": null,
	"versioned_name": "version",
	"owned": false,
	"filled_later": false,
	"encrypted": false,
	"rendered_by": null,
}

# What a workload reads, as its facts tell it.
read(change) := object.union(
	{
		"kind": "ConfigMap",
		"name": "app-v1",
		"found": true,
		"immutable": true,
		"version_labels": [],
		"similar": null,
		"optional": false,
		"uses": [use({})],
	},
	change,
)

use(change) := object.union(
	{
		"how": "env",
		"at": "containers[web].env[LEVEL]",
		"key": "level",
		"key_found": true,
		"optional": false,
	},
	change,
)
