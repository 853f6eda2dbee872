package rules.versioned_tags.version_label_differs_test

import data.rules.versioned_tags.version_label_differs
import data.testing.workload

_tagged(tag) := workload.deployment([{"op": "replace", "path": "/image/tag", "value": tag}])

test_label_that_differs_is_denied if {
	found := version_label_differs.deny with input as _tagged("v1.3.0")
	found == {{"msg": "label version says v1.2.0, the image says v1.3.0", "at": "spec.template.metadata.labels[version]"}}
}

test_label_that_agrees_passes if {
	found := version_label_differs.deny with input as _tagged("v1.2.0")
	found == set()
}

test_leading_v_makes_no_difference if {
	found := version_label_differs.deny with input as _tagged("1.2.0")
	found == set()
}

test_image_without_tag_says_nothing if {
	found := version_label_differs.deny with input as _tagged(null)
	found == set()
}
