package rules.immutable_network.single_zone_test

import data.rules.immutable_network.single_zone
import data.testing.terraform

test_one_zone_is_denied if {
	found := single_zone.deny with input as terraform.machine("zones", 1)
	found == {{"msg": "aws_instance.main stands in a single zone", "at": "zones"}}
}

test_two_zones_pass if {
	found := single_zone.deny with input as terraform.machine("zones", 2)
	found == set()
}

test_zones_that_are_not_certain_pass if {
	group := object.union(terraform.machine("public_address", true), {"machine": {"zones": null}})
	found := single_zone.deny with input as group
	found == set()
}
