package rules.dockerfile.certificates_not_checked_test

import data.rules.dockerfile.certificates_not_checked
import data.testing.dockerfile

_env(unchecked) := dockerfile.file("env", [{"name": "GIT_SSL_NO_VERIFY", "certificates_unchecked": unchecked, "at": "stages[final].env[G]"}])

test_switch_is_denied if {
	found := certificates_not_checked.deny with input as dockerfile.runs({"certificates_unchecked": "curl -k"})
	found == {{"msg": "stage final does not check certificates: curl -k", "at": "stages[final].runs[do]"}}
}

test_other_commands_pass if {
	found := certificates_not_checked.deny with input as dockerfile.runs({})
	found == set()
}

test_variable_is_denied if {
	found := certificates_not_checked.deny with input as _env(true)
	found == {{"msg": "variable GIT_SSL_NO_VERIFY turns the check of certificates off", "at": "stages[final].env[G]"}}
}

test_other_variables_pass if {
	found := certificates_not_checked.deny with input as _env(false)
	found == set()
}
