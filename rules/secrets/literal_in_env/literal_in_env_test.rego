package rules.secrets.literal_in_env_test

import data.rules.secrets.literal_in_env
import data.testing.workload

_setting(name) := object.union(workload.deployment([]), {
	"secrets": {"variables": [{
		"container": "web",
		"at": concat("", ["containers[web].env[", name, "]"]),
		"name": name,
		"format": "a GitHub token",
	}]},
	"params": {"secrets.literal_in_env": {"harmless": ["CSRF_TOKEN"]}},
})

test_secret_is_denied_without_its_value if {
	found := literal_in_env.deny with input as _setting("TOKEN")
	found == {{"msg": "variable TOKEN of container web holds a GitHub token", "at": "containers[web].env[TOKEN]"}}
}

test_name_that_is_declared_harmless_passes if {
	found := literal_in_env.deny with input as _setting("CSRF_TOKEN")
	found == set()
}
