package rules.secrets.literal_in_command_test

import data.rules.secrets.literal_in_command
import data.testing.workload

_running(arguments) := object.union(workload.deployment([]), {"secrets": {"arguments": arguments}})

_argument(name, format) := {"container": "web", "at": "containers[web].args", "name": name, "format": format}

test_flag_with_a_secret_is_denied_by_its_name if {
	found := literal_in_command.deny with input as _running([_argument("db-password", "a secret in clear text")])
	found == {{
		"msg": "db-password in the command of container web holds a secret in clear text",
		"at": "containers[web].args",
	}}
}

test_argument_of_a_known_format_is_denied if {
	found := literal_in_command.deny with input as _running([_argument(null, "a GitHub token")])
	found == {{"msg": "an argument in the command of container web holds a GitHub token", "at": "containers[web].args"}}
}

test_command_without_secrets_passes if {
	found := literal_in_command.deny with input as _running([])
	found == set()
}
