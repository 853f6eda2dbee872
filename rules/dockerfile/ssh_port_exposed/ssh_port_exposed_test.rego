package rules.dockerfile.ssh_port_exposed_test

import data.rules.dockerfile.ssh_port_exposed
import data.testing.dockerfile

_port(changes) := dockerfile.file("ports", [object.union(
	{"text": "22", "port": 22, "last": 22, "protocol": "tcp", "at": "stages[final].ports[22]"},
	changes,
)])

_denied := {{"msg": "stage final exposes the SSH port: 22", "at": "stages[final].ports[22]"}}

test_ssh_port_is_denied if {
	found := ssh_port_exposed.deny with input as _port({})
	found == _denied
}

test_range_around_it_is_denied if {
	found := ssh_port_exposed.deny with input as _port({"port": 20, "last": 25})
	found == _denied
}

test_port_below_passes if {
	found := ssh_port_exposed.deny with input as _port({"port": 21, "last": 21})
	found == set()
}

test_port_above_passes if {
	found := ssh_port_exposed.deny with input as _port({"port": 2222, "last": 2222})
	found == set()
}

test_datagrams_pass if {
	found := ssh_port_exposed.deny with input as _port({"protocol": "udp"})
	found == set()
}

test_port_that_a_variable_hides_passes if {
	found := ssh_port_exposed.deny with input as _port({"port": null, "last": null, "protocol": null})
	found == set()
}
