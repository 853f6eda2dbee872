package rules.data_separation.database_not_encrypted_test

import data.rules.data_separation.database_not_encrypted
import data.testing.terraform

_database(attributes) := terraform.resource("aws_db_instance", attributes)

_finding := {{"msg": "aws_db_instance.main stores its data without encryption", "at": "storage_encrypted"}}

test_silence_is_denied if {
	found := database_not_encrypted.deny with input as _database({})
	found == _finding
}

test_no_encryption_is_denied if {
	found := database_not_encrypted.deny with input as _database({"storage_encrypted": false})
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_not_encrypted.deny with input as _database({"storage_encrypted": null})
	found == _finding
}

test_redshift_has_a_switch_of_its_own if {
	found := database_not_encrypted.deny with input as terraform.resource("aws_redshift_cluster", {"storage_encrypted": true})
	found == {{"msg": "aws_redshift_cluster.main stores its data without encryption", "at": "encrypted"}}
}

test_encryption_passes if {
	found := database_not_encrypted.deny with input as _database({"storage_encrypted": true})
	found == set()
}

test_replica_passes if {
	found := database_not_encrypted.deny with input as _database({"replicate_source_db": "main"})
	found == set()
}

test_replica_of_a_database_that_is_not_known_passes if {
	replica := object.union(_database({"replicate_source_db": null}), {"unknown": ["replicate_source_db"]})
	found := database_not_encrypted.deny with input as replica
	found == set()
}

test_other_type_passes if {
	found := database_not_encrypted.deny with input as terraform.resource("aws_db_subnet_group", {})
	found == set()
}

test_data_source_passes if {
	found := database_not_encrypted.deny with input as object.union(_database({}), {"block": "data"})
	found == set()
}
