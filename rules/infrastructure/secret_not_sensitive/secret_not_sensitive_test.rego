package rules.infrastructure.secret_not_sensitive_test

import data.rules.infrastructure.secret_not_sensitive
import data.testing.terraform

_variable(changes) := object.union(object.union(terraform.block("variable", "db_password"), {"names_secret": true}), changes)

test_unmarked_secret_is_denied if {
	found := secret_not_sensitive.deny with input as _variable({})
	found == {{"msg": "variable.db_password holds a secret and is not marked as sensitive", "at": "sensitive"}}
}

test_marked_secret_passes if {
	found := secret_not_sensitive.deny with input as _variable({"sensitive": true})
	found == set()
}

test_other_variable_passes if {
	found := secret_not_sensitive.deny with input as _variable({"names_secret": false})
	found == set()
}
