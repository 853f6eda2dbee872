package rules.data_separation.database_plaintext_connections_test

import data.rules.data_separation.database_plaintext_connections
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main takes connections in plain text", "at": "encrypted_connections"}}

test_wrong_value_is_denied if {
	found := database_plaintext_connections.deny with input as terraform.database("encrypted_connections", false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_plaintext_connections.deny with input as terraform.database("encrypted_connections", null)
	found == _finding
}

test_right_value_passes if {
	found := database_plaintext_connections.deny with input as terraform.database("encrypted_connections", true)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_plaintext_connections.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
