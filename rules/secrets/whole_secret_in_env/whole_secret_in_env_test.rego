package rules.secrets.whole_secret_in_env_test

import data.rules.secrets.whole_secret_in_env
import data.testing.workload

_reading(source) := workload.deployment([{"op": "add", "path": "/env_from", "value": [source]}])

test_whole_secret_is_denied if {
	found := whole_secret_in_env.deny with input as _reading({"kind": "Secret", "name": "db"})
	found == {{"msg": "container web gets all keys of secret db as variables", "at": "containers[web].envFrom"}}
}

test_config_map_passes if {
	found := whole_secret_in_env.deny with input as _reading({"kind": "ConfigMap", "name": "db"})
	found == set()
}

test_source_without_a_name_passes if {
	found := whole_secret_in_env.deny with input as _reading({"kind": "Secret", "name": null})
	found == set()
}
