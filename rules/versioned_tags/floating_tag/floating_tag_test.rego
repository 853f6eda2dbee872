package rules.versioned_tags.floating_tag_test

import data.rules.versioned_tags.floating_tag
import data.testing.workload

_params := {"params": {"versioned_tags.floating_tag": {"mutable_tags": ["latest", "main"]}}}

_deployment(tag, digest) := object.union(_params, workload.deployment([
	{"op": "replace", "path": "/image/tag", "value": tag},
	{"op": "replace", "path": "/image/digest", "value": digest},
	{"op": "replace", "path": "/image/text", "value": "web"},
]))

test_moving_tag_is_denied if {
	found := floating_tag.deny with input as _deployment("main", null)
	found == {{"msg": "container web runs the moving tag main (web)", "at": "containers[web].image"}}
}

test_no_tag_means_latest if {
	found := floating_tag.deny with input as _deployment(null, null)
	found == {{"msg": "container web runs the moving tag latest (web)", "at": "containers[web].image"}}
}

test_version_passes if {
	found := floating_tag.deny with input as _deployment("v1.2.0", null)
	found == set()
}

test_digest_makes_the_tag_moot if {
	found := floating_tag.deny with input as _deployment("main", "sha256:6d0c")
	found == set()
}

test_container_without_image_passes if {
	nothing := object.union(_params, workload.deployment([{"op": "replace", "path": "/image", "value": null}]))
	found := floating_tag.deny with input as nothing
	found == set()
}
