package rules.versioned_tags.not_pinned_by_digest_test

import data.rules.versioned_tags.not_pinned_by_digest
import data.testing.workload

test_image_without_digest_is_denied if {
	patch := [{"op": "replace", "path": "/image/digest", "value": null}, {"op": "replace", "path": "/image/text", "value": "web:v1"}]
	found := not_pinned_by_digest.deny with input as workload.deployment(patch)
	found == {{"msg": "container web runs web:v1 without a digest", "at": "containers[web].image"}}
}

test_image_with_digest_passes if {
	found := not_pinned_by_digest.deny with input as workload.deployment([])
	found == set()
}
