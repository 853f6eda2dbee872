package rules.data_separation.database_public_endpoint_test

import data.rules.data_separation.database_public_endpoint
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main has an endpoint on the internet", "at": "public_endpoint"}}

test_wrong_value_is_denied if {
	found := database_public_endpoint.deny with input as terraform.database("public_endpoint", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_public_endpoint.deny with input as terraform.database("public_endpoint", null)
	found == _finding
}

test_right_value_passes if {
	found := database_public_endpoint.deny with input as terraform.database("public_endpoint", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_public_endpoint.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
