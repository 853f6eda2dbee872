package rules.data_separation.database_final_snapshot_skipped_test

import data.rules.data_separation.database_final_snapshot_skipped
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main leaves no snapshot behind when it is deleted", "at": "skips_final_snapshot"}}

test_wrong_value_is_denied if {
	found := database_final_snapshot_skipped.deny with input as terraform.database("skips_final_snapshot", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := database_final_snapshot_skipped.deny with input as terraform.database("skips_final_snapshot", null)
	found == _finding
}

test_right_value_passes if {
	found := database_final_snapshot_skipped.deny with input as terraform.database("skips_final_snapshot", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := database_final_snapshot_skipped.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_replica_passes if {
	copy := object.union(terraform.database("skips_final_snapshot", true), {"database": {"is_replica": true}})
	found := database_final_snapshot_skipped.deny with input as copy
	found == set()
}
