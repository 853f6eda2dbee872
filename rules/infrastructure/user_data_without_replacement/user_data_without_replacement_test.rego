package rules.infrastructure.user_data_without_replacement_test

import data.rules.infrastructure.user_data_without_replacement
import data.testing.terraform

_instance(attributes, unknown) := object.union(terraform.resource("aws_instance", attributes), {"unknown": unknown})

_finding := {{"msg": "aws_instance.main keeps running when its user_data changes", "at": "user_data_replace_on_change"}}

test_script_without_replacement_is_denied if {
	found := user_data_without_replacement.deny with input as _instance({"user_data": "#!/bin/sh"}, [])
	found == _finding
}

test_script_that_is_not_known_is_a_script if {
	found := user_data_without_replacement.deny with input as _instance({"user_data": null}, ["user_data"])
	found == _finding
}

test_script_with_replacement_passes if {
	attributes := {"user_data": "#!/bin/sh", "user_data_replace_on_change": true}
	found := user_data_without_replacement.deny with input as _instance(attributes, [])
	found == set()
}

test_no_script_passes if {
	found := user_data_without_replacement.deny with input as _instance({"user_data": null}, [])
	found == set()
}

test_launch_template_passes if {
	found := user_data_without_replacement.deny with input as terraform.resource("aws_launch_template", {"user_data": "x"})
	found == set()
}

test_data_source_passes if {
	data_source := object.union(_instance({"user_data": "x"}, []), {"block": "data"})
	found := user_data_without_replacement.deny with input as data_source
	found == set()
}
