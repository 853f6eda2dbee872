package rules.data_separation.missing_deletion_protection_test

import data.rules.data_separation.missing_deletion_protection
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main and its data may be deleted by any plan", "at": "deletion_protection"}}

test_silence_is_denied if {
	found := missing_deletion_protection.deny with input as terraform.resource("aws_db_instance", {})
	found == _finding
}

test_no_protection_is_denied if {
	found := missing_deletion_protection.deny with input as terraform.resource("aws_db_instance", {"deletion_protection": false})
	found == _finding
}

test_plan_without_protection_is_denied if {
	found := missing_deletion_protection.deny with input as terraform.planned("aws_db_instance", ["create"], [])
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := missing_deletion_protection.deny with input as terraform.resource("aws_db_instance", {"deletion_protection": null})
	found == _finding
}

test_protection_passes if {
	found := missing_deletion_protection.deny with input as terraform.resource("aws_db_instance", {"deletion_protection": true})
	found == set()
}

test_protection_by_terraform_passes if {
	kept := object.union(terraform.resource("aws_db_instance", {}), {"lifecycle": {"prevent_destroy": true}})
	found := missing_deletion_protection.deny with input as kept
	found == set()
}

test_other_type_passes if {
	found := missing_deletion_protection.deny with input as terraform.resource("aws_db_subnet_group", {})
	found == set()
}

test_data_source_passes if {
	data_source := object.union(terraform.resource("aws_db_instance", {}), {"block": "data"})
	found := missing_deletion_protection.deny with input as data_source
	found == set()
}
