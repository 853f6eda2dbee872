package rules.data_separation.storage_public_test

import data.rules.data_separation.storage_public
import data.testing.terraform

_finding := {{"msg": "aws_s3_bucket.main can be read by everybody", "at": "public"}}

test_wrong_value_is_denied if {
	found := storage_public.deny with input as terraform.bucket("public", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := storage_public.deny with input as terraform.bucket("public", null)
	found == _finding
}

test_right_value_passes if {
	found := storage_public.deny with input as terraform.bucket("public", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := storage_public.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
