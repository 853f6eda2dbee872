package rules.configuration.near_size_limit_test

import data.rules.configuration.near_size_limit
import data.testing.configuration

_sized(size) := configuration.config_map({
	"size": size,
	"params": {"configuration.near_size_limit": {"max_bytes": 921600}},
})

test_large_configuration_is_denied if {
	found := near_size_limit.deny with input as _sized(972800)
	found == {{"msg": "configmap app-v1 has 950 KiB of at most 1024", "at": "data"}}
}

test_configuration_below_the_limit_passes if {
	found := near_size_limit.deny with input as _sized(921600)
	found == set()
}
