package rules.observability.log_file_test

import data.rules.observability.log_file
import data.testing.pod_security

test_file_is_denied if {
	found := log_file.deny with input as pod_security.deployment({"observability": {"log_files": [{"of": "container web", "at": "containers[web].env[LOG_FILE]", "name": "LOG_FILE", "value": "/app/web.log"}]}})
	found == {{"msg": "container web is told to write its logs to /app/web.log, which is gone with the instance", "at": "containers[web].env[LOG_FILE]"}}
}

test_no_file_passes if {
	found := log_file.deny with input as pod_security.deployment({"observability": {"log_files": []}})
	found == set()
}
