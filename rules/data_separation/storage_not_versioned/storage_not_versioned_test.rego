package rules.data_separation.storage_not_versioned_test

import data.rules.data_separation.storage_not_versioned
import data.testing.terraform

_finding := {{"msg": "aws_s3_bucket.main does not keep older versions", "at": "versioned"}}

test_wrong_value_is_denied if {
	found := storage_not_versioned.deny with input as terraform.bucket("versioned", false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := storage_not_versioned.deny with input as terraform.bucket("versioned", null)
	found == _finding
}

test_right_value_passes if {
	found := storage_not_versioned.deny with input as terraform.bucket("versioned", true)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := storage_not_versioned.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_versions_that_another_resource_turns_on_pass if {
	bucket := object.union(terraform.bucket("versioned", false), {"used_by": ["aws_s3_bucket_versioning"]})
	found := storage_not_versioned.deny with input as bucket
	found == set()
}

test_module_that_is_not_here_may_turn_them_on if {
	bucket := object.union(terraform.bucket("versioned", false), {"used_by": ["module"]})
	found := storage_not_versioned.deny with input as bucket
	found == set()
}

test_other_use_turns_nothing_on if {
	bucket := object.union(terraform.bucket("versioned", false), {"used_by": ["aws_flow_log"]})
	found := storage_not_versioned.deny with input as bucket
	found == _finding
}

test_plan_passes_because_it_does_not_tell if {
	bucket := object.union(terraform.bucket("versioned", null), {"source": "plan"})
	found := storage_not_versioned.deny with input as bucket
	found == set()
}
