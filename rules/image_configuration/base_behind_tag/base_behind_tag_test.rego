package rules.image_configuration.base_behind_tag_test

import data.rules.image_configuration.base_behind_tag
import data.testing.image

_facts(behind) := image.facts({"/base": {"text": "debian:12", "behind": behind}})

test_base_that_was_replaced_is_denied if {
	found := base_behind_tag.deny with input as _facts(true)
	found == {{"msg": "the image is built on an older debian:12 than its tag names now", "at": "base"}}
}

test_current_base_passes if {
	found := base_behind_tag.deny with input as _facts(false)
	found == set()
}

test_base_that_nobody_asked_for_passes if {
	found := base_behind_tag.deny with input as _facts(null)
	found == set()
}

test_image_that_names_no_base_passes if {
	found := base_behind_tag.deny with input as image.facts({"/base": null})
	found == set()
}
