package rules.infrastructure.launch_template_not_pinned_test

import data.rules.infrastructure.launch_template_not_pinned
import data.testing.terraform

_finding := {{"msg": "aws_instance.main starts machines from whichever version of its launch template is there", "at": "moving_template"}}

test_wrong_value_is_denied if {
	found := launch_template_not_pinned.deny with input as terraform.machine("moving_template", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := launch_template_not_pinned.deny with input as terraform.machine("moving_template", null)
	found == _finding
}

test_right_value_passes if {
	found := launch_template_not_pinned.deny with input as terraform.machine("moving_template", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := launch_template_not_pinned.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
