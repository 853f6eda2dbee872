package rules.infrastructure.missing_create_before_destroy_test

import data.rules.infrastructure.missing_create_before_destroy
import data.testing.terraform

_params := {"params": {"infrastructure.missing_create_before_destroy": {"types": ["aws_instance"]}}}

_finding := {{"msg": "aws_instance.main is destroyed before its replacement exists", "at": "lifecycle.create_before_destroy"}}

test_instance_without_it_is_denied if {
	found := missing_create_before_destroy.deny with input as object.union(_params, terraform.resource("aws_instance", {}))
	found == _finding
}

test_instance_with_it_passes if {
	careful := object.union(terraform.resource("aws_instance", {}), {"lifecycle": {"create_before_destroy": true}})
	found := missing_create_before_destroy.deny with input as object.union(_params, careful)
	found == set()
}

test_other_type_passes if {
	found := missing_create_before_destroy.deny with input as object.union(_params, terraform.resource("aws_vpc", {}))
	found == set()
}

test_plan_that_deletes_first_is_denied if {
	plan := terraform.planned("aws_instance", ["delete", "create"], [])
	found := missing_create_before_destroy.deny with input as object.union(_params, plan)
	found == _finding
}

test_plan_that_creates_first_passes if {
	plan := terraform.planned("aws_instance", ["create", "delete"], [])
	found := missing_create_before_destroy.deny with input as object.union(_params, plan)
	found == set()
}

test_data_source_passes if {
	data_source := object.union(terraform.resource("aws_instance", {}), {"block": "data"})
	found := missing_create_before_destroy.deny with input as object.union(_params, data_source)
	found == set()
}
