package rules.image_configuration.base_not_in_image_test

import data.rules.image_configuration.base_not_in_image
import data.testing.image

_facts(digest, shared) := image.facts({"/base": {"text": "debian:12", "digest": digest, "layers_shared": shared}})

test_base_without_its_layers_is_denied if {
	found := base_not_in_image.deny with input as _facts("sha256:dd", false)
	found == {{"msg": "the image names debian:12 as its base and does not have its layers", "at": "base"}}
}

test_shared_layers_pass if {
	found := base_not_in_image.deny with input as _facts("sha256:dd", true)
	found == set()
}

test_base_that_is_only_older_passes if {
	found := base_not_in_image.deny with input as _facts(null, false)
	found == set()
}

test_base_that_nobody_asked_for_passes if {
	found := base_not_in_image.deny with input as _facts("sha256:dd", null)
	found == set()
}
