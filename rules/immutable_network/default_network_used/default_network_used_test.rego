package rules.immutable_network.default_network_used_test

import data.rules.immutable_network.default_network_used
import data.testing.terraform

test_default_vpc_is_denied if {
	found := default_network_used.deny with input as terraform.resource("aws_default_vpc", {})
	found == {{"msg": "aws_default_vpc.main belongs to the default network", "at": "vpc_id"}}
}

test_vpc_of_its_own_passes if {
	found := default_network_used.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}

test_looking_it_up_passes if {
	found := default_network_used.deny with input as object.union(terraform.resource("aws_default_vpc", {}), {"block": "data"})
	found == set()
}

_instance(network) := terraform.resource("google_compute_instance", {"network_interface": [{"network": network}]})

test_machine_in_the_default_network_is_denied if {
	found := default_network_used.deny with input as _instance("default")
	found == {{
		"msg": "google_compute_instance.main stands in the default network",
		"at": "network_interface.network",
	}}
}

test_machine_in_another_network_passes if {
	found := default_network_used.deny with input as _instance("main")
	found == set()
}

test_machine_that_is_looked_up_passes if {
	found := default_network_used.deny with input as object.union(_instance("default"), {"block": "data"})
	found == set()
}

test_other_resource_in_it_passes if {
	found := default_network_used.deny with input as object.union(_instance("default"), {"type": "google_compute_router"})
	found == set()
}
