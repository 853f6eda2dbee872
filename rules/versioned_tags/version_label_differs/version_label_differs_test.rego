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

test_build_for_a_distribution_is_the_same_version if {
	found := version_label_differs.deny with input as _tagged("v1.2.0-alpine3.20")
	found == set()
}

test_release_candidate_is_another_version if {
	found := version_label_differs.deny with input as _tagged("1.2.0-rc.1")
	found == {{"msg": "label version says v1.2.0, the image says 1.2.0-rc.1", "at": "spec.template.metadata.labels[version]"}}
}

test_longer_number_is_another_version if {
	found := version_label_differs.deny with input as _tagged("v1.2.01")
	count(found) == 1
}

_labelled(label, version) := json.patch(_tagged("2.3.1"), [{"op": "replace", "path": "/pod/labels", "value": {label: version}}])

test_less_exact_label_passes if {
	found := version_label_differs.deny with input as _labelled("app.kubernetes.io/version", "2.3")
	found == set()
}

test_subset_of_a_service_mesh_passes if {
	found := version_label_differs.deny with input as _labelled("version", "v3")
	found == set()
}

test_single_number_in_the_recommended_label_is_denied if {
	found := version_label_differs.deny with input as _labelled("app.kubernetes.io/version", "v3")
	count(found) == 1
}
