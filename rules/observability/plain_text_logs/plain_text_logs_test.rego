package rules.observability.plain_text_logs_test

import data.rules.observability.plain_text_logs
import data.testing.pod_security

_format(value) := object.union(
	pod_security.deployment({"observability": {"log_formats": [{
		"of": "container web",
		"at": "containers[web].env[LOG_FORMAT]",
		"name": "LOG_FORMAT",
		"value": value,
	}]}}),
	{"params": {"observability.plain_text_logs": {"formats": ["text"]}}},
)

test_plain_text_is_denied if {
	found := plain_text_logs.deny with input as _format("TEXT")
	found == {{"msg": "container web is told to write its logs as TEXT", "at": "containers[web].env[LOG_FORMAT]"}}
}

test_json_passes if {
	found := plain_text_logs.deny with input as _format("json")
	found == set()
}
