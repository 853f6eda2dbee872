package rules.versioned_tags.stale_pull_policy_test

import data.rules.versioned_tags.stale_pull_policy
import data.testing.workload

_input(image, policy) := object.union(
	workload.deployment([
		{"op": "replace", "path": "/image", "value": object.union(workload.image, object.union({"text": "web", "tag": null, "digest": null}, image))},
		{"op": "replace", "path": "/image_pull_policy", "value": policy},
	]),
	{"params": {"versioned_tags.stale_pull_policy": {"mutable_tags": ["latest", "edge"]}}},
)

_denied(text) := {{
	"msg": concat("", ["container web keeps what a node pulled first of ", text, " (IfNotPresent)"]),
	"at": "containers[web].imagePullPolicy",
}}

test_image_without_tag_is_denied if {
	found := stale_pull_policy.deny with input as _input({}, "IfNotPresent")
	found == _denied("web")
}

test_moving_tag_is_denied if {
	found := stale_pull_policy.deny with input as _input({"text": "web:edge", "tag": "edge"}, "IfNotPresent")
	found == _denied("web:edge")
}

test_version_passes if {
	found := stale_pull_policy.deny with input as _input({"tag": "v1.2.0"}, "IfNotPresent")
	found == set()
}

test_digest_makes_the_policy_moot if {
	found := stale_pull_policy.deny with input as _input({"digest": "sha256:6d0c"}, "Never")
	found == set()
}

test_pulling_always_passes if {
	found := stale_pull_policy.deny with input as _input({}, "Always")
	found == set()
}

test_default_policy_passes if {
	found := stale_pull_policy.deny with input as _input({}, null)
	found == set()
}
