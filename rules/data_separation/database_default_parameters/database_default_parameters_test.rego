package rules.data_separation.database_default_parameters_test

import data.rules.data_separation.database_default_parameters
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main goes by the default parameters of the cloud", "at": "default_parameters"}}

test_wrong_value_is_denied if {
	found := database_default_parameters.deny with input as terraform.database("default_parameters", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_default_parameters.deny with input as terraform.database("default_parameters", null)
	found == _finding
}

test_right_value_passes if {
	found := database_default_parameters.deny with input as terraform.database("default_parameters", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_default_parameters.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_replica_passes if {
	copy := object.union(terraform.database("default_parameters", true), {"database": {"is_replica": true}})
	found := database_default_parameters.deny with input as copy
	found == set()
}
