package rules.data_separation.database_not_recoverable_test

import data.rules.data_separation.database_not_recoverable
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main cannot be brought back to an earlier point in time", "at": "recoverable"}}

test_wrong_value_is_denied if {
	found := database_not_recoverable.deny with input as terraform.database("recoverable", false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_not_recoverable.deny with input as terraform.database("recoverable", null)
	found == _finding
}

test_right_value_passes if {
	found := database_not_recoverable.deny with input as terraform.database("recoverable", true)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_not_recoverable.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
