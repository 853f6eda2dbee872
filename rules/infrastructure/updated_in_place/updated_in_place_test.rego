package rules.infrastructure.updated_in_place_test

import data.rules.infrastructure.updated_in_place
import data.testing.terraform

_plan(type, actions, changed) := object.union(terraform.planned(type, actions, changed), {"params": {"infrastructure.updated_in_place": {
	"types": ["aws_instance"],
	"harmless": ["tags"],
}}})

test_change_in_place_is_denied if {
	found := updated_in_place.deny with input as _plan("aws_instance", ["update"], ["instance_type", "tags"])
	found == {{"msg": "the plan changes instance_type of aws_instance.main in place", "at": "instance_type"}}
}

test_new_tags_pass if {
	found := updated_in_place.deny with input as _plan("aws_instance", ["update"], ["tags"])
	found == set()
}

test_replacement_passes if {
	found := updated_in_place.deny with input as _plan("aws_instance", ["create", "delete"], ["instance_type"])
	found == set()
}

test_other_type_passes if {
	found := updated_in_place.deny with input as _plan("aws_vpc", ["update"], ["instance_tenancy"])
	found == set()
}
