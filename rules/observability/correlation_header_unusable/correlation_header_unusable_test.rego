package rules.observability.correlation_header_unusable_test

import data.rules.observability.correlation_header_unusable
import data.testing.workload

_input(name, value) := workload.deployment([{"op": "add", "path": "/env", "value": [{"name": name, "value": value, "from": null}]}])

_denied(value) := {{
	"msg": concat("", ["variable CORRELATION_ID_HEADER of container web names no header: ", value]),
	"at": "containers[web].env[CORRELATION_ID_HEADER]",
}}

test_words_are_denied if {
	found := correlation_header_unusable.deny with input as _input("CORRELATION_ID_HEADER", "X Correlation ID")
	found == _denied("X Correlation ID")
}

test_nothing_is_denied if {
	found := correlation_header_unusable.deny with input as _input("CORRELATION_ID_HEADER", "")
	found == _denied("")
}

test_name_of_a_header_passes if {
	found := correlation_header_unusable.deny with input as _input("CORRELATION_ID_HEADER", "X-Correlation-ID")
	found == set()
}

test_value_from_elsewhere_passes if {
	found := correlation_header_unusable.deny with input as _input("CORRELATION_ID_HEADER", null)
	found == set()
}

test_other_variable_passes if {
	found := correlation_header_unusable.deny with input as _input("GREETING", "good morning")
	found == set()
}
