package rules.data_separation.missing_deletion_protection_test

import data.rules.data_separation.missing_deletion_protection
import data.testing.terraform

_finding := {{"msg": "aws_db_instance.main and its data may be deleted by any plan", "at": "deletion_protected"}}

test_no_protection_is_denied if {
	found := missing_deletion_protection.deny with input as terraform.database("deletion_protected", false)
	found == _finding
}

test_plan_without_protection_is_denied if {
	plan := object.union(terraform.database("deletion_protected", false), {"source": "plan", "lifecycle": null})
	found := missing_deletion_protection.deny with input as plan
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := missing_deletion_protection.deny with input as terraform.database("deletion_protected", null)
	found == _finding
}

test_protection_passes if {
	found := missing_deletion_protection.deny with input as terraform.database("deletion_protected", true)
	found == set()
}

test_protection_by_terraform_passes if {
	kept := object.union(terraform.database("deletion_protected", false), {"lifecycle": {"prevent_destroy": true}})
	found := missing_deletion_protection.deny with input as kept
	found == set()
}

test_replica_passes if {
	copy := object.union(terraform.database("deletion_protected", false), {"database": {"is_replica": true}})
	found := missing_deletion_protection.deny with input as copy
	found == set()
}

test_other_type_passes if {
	found := missing_deletion_protection.deny with input as terraform.resource("aws_db_subnet_group", {})
	found == set()
}
