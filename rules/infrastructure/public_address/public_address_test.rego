package rules.infrastructure.public_address_test

import data.rules.infrastructure.public_address
import data.testing.terraform

_finding := {{"msg": "aws_instance.main has an address that everybody can reach", "at": "public_address"}}

test_wrong_value_is_denied if {
	found := public_address.deny with input as terraform.machine("public_address", true)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := public_address.deny with input as terraform.machine("public_address", null)
	found == _finding
}

test_right_value_passes if {
	found := public_address.deny with input as terraform.machine("public_address", false)
	found == set()
}

test_kind_without_the_setting_passes if {
	found := public_address.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
