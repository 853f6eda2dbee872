package rules.infrastructure.image_not_pinned_test

import data.rules.infrastructure.image_not_pinned
import data.testing.terraform

_finding := {{"msg": "aws_instance.main takes whichever image is the newest", "at": "moving_image"}}

test_wrong_value_is_denied if {
	found := image_not_pinned.deny with input as terraform.machine("moving_image", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := image_not_pinned.deny with input as terraform.machine("moving_image", null)
	found == _finding
}

test_right_value_passes if {
	found := image_not_pinned.deny with input as terraform.machine("moving_image", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := image_not_pinned.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
