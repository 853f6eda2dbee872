package rules.immutable_network.single_nat_gateway_test

import data.rules.immutable_network.single_nat_gateway
import data.testing.terraform

_gateway(nat) := object.union(terraform.resource("aws_nat_gateway", {}), {"nat": nat})

test_one_gateway_for_two_zones_is_denied if {
	found := single_nat_gateway.deny with input as _gateway({"gateways": 1, "zones": 2})
	found == {{
		"msg": "aws_nat_gateway.main is the only way out for private subnets of 2 zones",
		"at": "subnet_id",
	}}
}

test_two_gateways_pass if {
	found := single_nat_gateway.deny with input as _gateway({"gateways": 2, "zones": 2})
	found == set()
}

test_one_zone_passes if {
	found := single_nat_gateway.deny with input as _gateway({"gateways": 1, "zones": 1})
	found == set()
}

test_gateways_that_are_not_known_pass if {
	found := single_nat_gateway.deny with input as _gateway({"gateways": null, "zones": 2})
	found == set()
}

test_private_gateway_passes if {
	gateway := object.union(_gateway({"gateways": 1, "zones": 2}), {"attributes": {"connectivity_type": "private"}})
	found := single_nat_gateway.deny with input as gateway
	found == set()
}
