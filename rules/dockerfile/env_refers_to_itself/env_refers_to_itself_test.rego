package rules.dockerfile.env_refers_to_itself_test

import data.rules.dockerfile.env_refers_to_itself
import data.testing.dockerfile

_env(names) := dockerfile.file("env", [{"name": "PATH", "same_statement": names, "at": "stages[final].env[PATH]"}])

test_use_within_the_statement_is_denied if {
	found := env_refers_to_itself.deny with input as _env(["APP_HOME"])
	found == {{"msg": "variable PATH uses what only the same ENV sets: APP_HOME", "at": "stages[final].env[PATH]"}}
}

test_no_use_passes if {
	found := env_refers_to_itself.deny with input as _env([])
	found == set()
}
