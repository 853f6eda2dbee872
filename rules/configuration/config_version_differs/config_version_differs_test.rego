package rules.configuration.config_version_differs_test

import data.rules.configuration.config_version_differs
import data.testing.configuration
import data.testing.workload

_running(value, read) := object.union(
	workload.deployment([{
		"op": "add",
		"path": "/env",
		"value": [{"name": "CONFIG_VERSION", "value": value, "from": null}],
	}]),
	{
		"configuration": [configuration.read(read)],
		"params": {"configuration.config_version_differs": {"variables": ["CONFIG_VERSION"]}},
	},
)

test_other_version_is_denied if {
	found := config_version_differs.deny with input as _running("2", {"version_labels": ["1"]})
	found == {{
		"msg": "CONFIG_VERSION of container web says 2, its config maps say 1",
		"at": "containers[web].env[CONFIG_VERSION]",
	}}
}

test_same_version_passes if {
	found := config_version_differs.deny with input as _running("1", {"version_labels": ["1"]})
	found == set()
}

test_one_of_several_versions_passes if {
	found := config_version_differs.deny with input as _running("1", {"version_labels": ["1", "2"]})
	found == set()
}

test_config_map_without_label_says_nothing if {
	found := config_version_differs.deny with input as _running("1", {"version_labels": []})
	found == set()
}

test_secret_says_nothing if {
	found := config_version_differs.deny with input as _running("1", {"kind": "Secret", "version_labels": ["2"]})
	found == set()
}

test_value_from_elsewhere_says_nothing if {
	found := config_version_differs.deny with input as _running(null, {"version_labels": ["1"]})
	found == set()
}
