package rules.kubernetes_schema.unknown_kind_test

import data.rules.kubernetes_schema.unknown_kind

_object(reason) := {"schema_errors": [{"reason": reason, "at": "spec.x", "message": "unknown field spec.x"}]}

test_unknown_kind_is_denied if {
	found := unknown_kind.deny with input as _object("unknown_kind")
	found == {{"msg": "unknown field spec.x", "at": "spec.x"}}
}

test_other_misfits_are_left_to_other_rules if {
	found := unknown_kind.deny with input as _object("something_else")
	found == set()
}

test_object_that_fits_passes if {
	found := unknown_kind.deny with input as {"schema_errors": []}
	found == set()
}
