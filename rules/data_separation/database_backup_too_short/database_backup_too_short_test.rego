package rules.data_separation.database_backup_too_short_test

import data.rules.data_separation.database_backup_too_short
import data.testing.terraform

_database(days) := object.union(terraform.database("backup_days", days), {"params": {"data_separation.database_backup_too_short": {"days": 7}}})

_finding(how_long) := {{"msg": concat("", ["aws_db_instance.main keeps its backups for ", how_long]), "at": "backup_days"}}

test_short_retention_is_denied if {
	found := database_backup_too_short.deny with input as _database(6)
	found == _finding("6 days")
}

test_single_day_is_denied if {
	found := database_backup_too_short.deny with input as _database(1)
	found == _finding("1 day")
}

test_unknown_retention_is_denied_where_it_is_unknown if {
	found := database_backup_too_short.deny with input as _database(null)
	found == _finding("a time that is not known")
}

test_long_retention_passes if {
	found := database_backup_too_short.deny with input as _database(7)
	found == set()
}

test_replica_passes if {
	found := database_backup_too_short.deny with input as object.union(_database(0), {"database": {"is_replica": true}})
	found == set()
}

test_kind_without_backups_passes if {
	found := database_backup_too_short.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
