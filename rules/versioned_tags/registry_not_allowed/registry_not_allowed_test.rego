package rules.versioned_tags.registry_not_allowed_test

import data.rules.versioned_tags.registry_not_allowed
import data.testing.workload

_deployment(registries) := object.union(
	workload.deployment([{"op": "replace", "path": "/image/text", "value": "registry.example.com/web:v1"}]),
	{"params": {"versioned_tags.registry_not_allowed": {"registries": registries}}},
)

test_image_from_elsewhere_is_denied if {
	found := registry_not_allowed.deny with input as _deployment(["ghcr.io/acme/"])
	found == {{
		"msg": "container web runs registry.example.com/web:v1, which is in no allowed registry",
		"at": "containers[web].image",
	}}
}

test_image_from_an_allowed_registry_passes if {
	found := registry_not_allowed.deny with input as _deployment(["ghcr.io", "registry.example.com/"])
	found == set()
}

test_a_prefix_ends_at_a_slash if {
	found := registry_not_allowed.deny with input as _deployment(["registry.example.co"])
	count(found) == 1
}

test_no_list_allows_every_registry if {
	found := registry_not_allowed.deny with input as _deployment([])
	found == set()
}
