package rules.dockerfile.registry_not_allowed_test

import data.rules.dockerfile.registry_not_allowed
import data.testing.dockerfile

_uses(allowed) := {
	"images": [dockerfile.used("alpine:3.20", "3.20", null)],
	"params": {"dockerfile.registry_not_allowed": {"registries": allowed}},
}

test_other_registry_is_denied if {
	found := registry_not_allowed.deny with input as _uses(["registry.example.com"])
	found == {{"msg": "stage final uses alpine:3.20, which is in no allowed registry", "at": "stages[final].base"}}
}

test_allowed_registry_passes if {
	found := registry_not_allowed.deny with input as _uses(["docker.io/"])
	found == set()
}

test_allowed_repository_passes if {
	found := registry_not_allowed.deny with input as _uses(["docker.io/library"])
	found == set()
}

test_no_list_passes if {
	found := registry_not_allowed.deny with input as _uses([])
	found == set()
}
