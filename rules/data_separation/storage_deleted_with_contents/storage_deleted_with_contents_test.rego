package rules.data_separation.storage_deleted_with_contents_test

import data.rules.data_separation.storage_deleted_with_contents
import data.testing.terraform

_finding := {{"msg": "aws_s3_bucket.main is deleted with all that it holds", "at": "deleted_with_contents"}}

test_wrong_value_is_denied if {
	found := storage_deleted_with_contents.deny with input as terraform.bucket("deleted_with_contents", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := storage_deleted_with_contents.deny with input as terraform.bucket("deleted_with_contents", null)
	found == _finding
}

test_right_value_passes if {
	found := storage_deleted_with_contents.deny with input as terraform.bucket("deleted_with_contents", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := storage_deleted_with_contents.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
