package rules.data_separation.database_publicly_accessible_test

import data.rules.data_separation.database_publicly_accessible
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main can be reached from the whole internet", "at": "publicly_accessible"}}

test_wrong_value_is_denied if {
	found := database_publicly_accessible.deny with input as terraform.database("publicly_accessible", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_publicly_accessible.deny with input as terraform.database("publicly_accessible", null)
	found == _finding
}

test_right_value_passes if {
	found := database_publicly_accessible.deny with input as terraform.database("publicly_accessible", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_publicly_accessible.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
