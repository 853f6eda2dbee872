package rules.versioned_tags.not_a_version_test

import data.rules.versioned_tags.not_a_version
import data.testing.workload

_image(changes) := {"op": "replace", "path": "/image", "value": object.union(workload.image, changes)}

_input(changes) := object.union(
	workload.deployment([_image(object.union({"text": "web:production", "tag": "production", "digest": null}, changes))]),
	{"params": {"versioned_tags.not_a_version": {"mutable_tags": ["latest"]}}},
)

test_tag_without_a_version_is_denied if {
	found := not_a_version.deny with input as _input({})
	found == {{"msg": "container web runs the tag production, which says no version (web:production)", "at": "containers[web].image"}}
}

test_tag_with_a_version_passes if {
	found := not_a_version.deny with input as _input({"tag": "v2"})
	found == set()
}

test_digest_makes_the_tag_moot if {
	found := not_a_version.deny with input as _input({"digest": "sha256:6d0c"})
	found == set()
}

test_tag_of_another_rule_passes if {
	found := not_a_version.deny with input as _input({"tag": "latest"})
	found == set()
}

test_missing_tag_passes if {
	found := not_a_version.deny with input as _input({"tag": null})
	found == set()
}
