package rules.data_separation.database_upgrades_itself_test

import data.rules.data_separation.database_upgrades_itself
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main gets new versions of its engine in place", "at": "upgrades_itself"}}

test_wrong_value_is_denied if {
	found := database_upgrades_itself.deny with input as terraform.database("upgrades_itself", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_upgrades_itself.deny with input as terraform.database("upgrades_itself", null)
	found == _finding
}

test_right_value_passes if {
	found := database_upgrades_itself.deny with input as terraform.database("upgrades_itself", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_upgrades_itself.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
