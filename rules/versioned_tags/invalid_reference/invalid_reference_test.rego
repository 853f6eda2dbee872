package rules.versioned_tags.invalid_reference_test

import data.rules.versioned_tags.invalid_reference
import data.testing.workload

test_unreadable_reference_is_denied if {
	patch := [{"op": "replace", "path": "/image/valid", "value": false}, {"op": "replace", "path": "/image/text", "value": "Web App"}]
	found := invalid_reference.deny with input as workload.deployment(patch)
	found == {{"msg": "container web has an image reference that cannot be read: Web App", "at": "containers[web].image"}}
}

test_missing_image_is_denied if {
	found := invalid_reference.deny with input as workload.deployment([{"op": "replace", "path": "/image", "value": null}])
	found == {{"msg": "container web names no image", "at": "containers[web]"}}
}

test_readable_reference_passes if {
	found := invalid_reference.deny with input as workload.deployment([])
	found == set()
}
