package rules.data_separation.database_not_encrypted_test

import data.rules.data_separation.database_not_encrypted
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main stores its data without encryption", "at": "encrypted"}}

test_no_encryption_is_denied if {
	found := database_not_encrypted.deny with input as terraform.database("encrypted", false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_not_encrypted.deny with input as terraform.database("encrypted", null)
	found == _finding
}

test_encryption_passes if {
	found := database_not_encrypted.deny with input as terraform.database("encrypted", true)
	found == set()
}

test_replica_passes if {
	copy := object.union(terraform.database("encrypted", false), {"database": {"is_replica": true}})
	found := database_not_encrypted.deny with input as copy
	found == set()
}

test_database_that_is_always_encrypted_passes if {
	found := database_not_encrypted.deny with input as terraform.database("redundant", false)
	found == set()
}

test_other_type_passes if {
	found := database_not_encrypted.deny with input as terraform.resource("aws_db_subnet_group", {})
	found == set()
}
