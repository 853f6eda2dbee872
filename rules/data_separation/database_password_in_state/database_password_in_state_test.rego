package rules.data_separation.database_password_in_state_test

import data.rules.data_separation.database_password_in_state
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main puts its password into the state", "at": "password_in_state"}}

test_wrong_value_is_denied if {
	found := database_password_in_state.deny with input as terraform.database("password_in_state", true)
	found == _finding
}

test_right_value_passes if {
	found := database_password_in_state.deny with input as terraform.database("password_in_state", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_password_in_state.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
