package rules.immutable_network.public_subnet_test

import data.rules.immutable_network.public_subnet
import data.testing.terraform

_finding := {{"msg": "aws_subnet.main gives a public address to every machine in it", "at": "map_public_ip_on_launch"}}

test_public_addresses_are_denied if {
	found := public_subnet.deny with input as terraform.resource("aws_subnet", {"map_public_ip_on_launch": true})
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := public_subnet.deny with input as terraform.resource("aws_subnet", {"map_public_ip_on_launch": null})
	found == _finding
}

test_no_public_addresses_pass if {
	found := public_subnet.deny with input as terraform.resource("aws_subnet", {"map_public_ip_on_launch": false})
	found == set()
}

test_silence_passes if {
	found := public_subnet.deny with input as terraform.resource("aws_subnet", {})
	found == set()
}

test_other_type_passes if {
	found := public_subnet.deny with input as terraform.resource("aws_default_subnet", {"map_public_ip_on_launch": true})
	found == set()
}

test_data_source_passes if {
	subnet := terraform.resource("aws_subnet", {"map_public_ip_on_launch": true})
	found := public_subnet.deny with input as object.union(subnet, {"block": "data"})
	found == set()
}
