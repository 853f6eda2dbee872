package rules.kubernetes_schema.invalid_value_test

import data.rules.kubernetes_schema.invalid_value

_object(reason) := {"schema_errors": [{"reason": reason, "at": "spec.x", "message": "unknown field spec.x"}]}

test_invalid_value_is_denied if {
	found := invalid_value.deny with input as _object("invalid_value")
	found == {{"msg": "unknown field spec.x", "at": "spec.x"}}
}

test_missing_field_is_denied if {
	found := invalid_value.deny with input as _object("missing_field")
	found == {{"msg": "unknown field spec.x", "at": "spec.x"}}
}

test_duplicate_field_is_denied if {
	found := invalid_value.deny with input as _object("duplicate_field")
	found == {{"msg": "unknown field spec.x", "at": "spec.x"}}
}

test_other_misfits_are_left_to_other_rules if {
	found := invalid_value.deny with input as _object("something_else")
	found == set()
}

test_object_that_fits_passes if {
	found := invalid_value.deny with input as {"schema_errors": []}
	found == set()
}
