package rules.dockerfile.port_out_of_range_test

import data.rules.dockerfile.port_out_of_range
import data.testing.dockerfile

_port(first, last) := dockerfile.file("ports", [{
	"text": "80000",
	"port": first,
	"last": last,
	"protocol": "tcp",
	"at": "stages[final].ports[80000]",
}])

_denied := {{"msg": "stage final exposes 80000, and ports end at 65535", "at": "stages[final].ports[80000]"}}

test_port_out_of_range_is_denied if {
	found := port_out_of_range.deny with input as _port(65536, 65536)
	found == _denied
}

test_range_that_ends_out_of_range_is_denied if {
	found := port_out_of_range.deny with input as _port(8000, 80000)
	found == _denied
}

test_last_port_passes if {
	found := port_out_of_range.deny with input as _port(65535, 65535)
	found == set()
}

test_port_that_a_variable_hides_passes if {
	found := port_out_of_range.deny with input as _port(null, null)
	found == set()
}
