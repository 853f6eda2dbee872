package rules.secrets.secret_in_env_test

import data.rules.secrets.secret_in_env
import data.testing.workload

_reading(kind) := workload.deployment([{
	"op": "add",
	"path": "/env",
	"value": [{"name": "PASSWORD", "value": null, "from": {"kind": kind, "name": "db", "key": "password"}}],
}])

test_key_of_a_secret_is_denied if {
	found := secret_in_env.deny with input as _reading("Secret")
	found == {{"msg": "variable PASSWORD of container web holds a secret", "at": "containers[web].env[PASSWORD]"}}
}

test_key_of_a_config_map_passes if {
	found := secret_in_env.deny with input as _reading("ConfigMap")
	found == set()
}
