package rules.data_separation.database_not_redundant_test

import data.rules.data_separation.database_not_redundant
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main stands in a single zone and has nothing to fail over to", "at": "redundant"}}

test_wrong_value_is_denied if {
	found := database_not_redundant.deny with input as terraform.database("redundant", false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_not_redundant.deny with input as terraform.database("redundant", null)
	found == _finding
}

test_right_value_passes if {
	found := database_not_redundant.deny with input as terraform.database("redundant", true)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_not_redundant.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_replica_passes if {
	copy := object.union(terraform.database("redundant", false), {"database": {"is_replica": true}})
	found := database_not_redundant.deny with input as copy
	found == set()
}
