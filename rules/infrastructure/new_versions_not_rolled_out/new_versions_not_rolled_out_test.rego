package rules.infrastructure.new_versions_not_rolled_out_test

import data.rules.infrastructure.new_versions_not_rolled_out
import data.testing.terraform

_finding := {{"msg": "aws_instance.main keeps its old machines when their template changes", "at": "new_versions_roll_out"}}

test_wrong_value_is_denied if {
	found := new_versions_not_rolled_out.deny with input as terraform.machine("new_versions_roll_out", false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := new_versions_not_rolled_out.deny with input as terraform.machine("new_versions_roll_out", null)
	found == _finding
}

test_right_value_passes if {
	found := new_versions_not_rolled_out.deny with input as terraform.machine("new_versions_roll_out", true)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := new_versions_not_rolled_out.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_group_that_is_itself_replaced_passes if {
	group := object.union(terraform.machine("new_versions_roll_out", false), {"lifecycle": {"create_before_destroy": true}})
	found := new_versions_not_rolled_out.deny with input as group
	found == set()
}
