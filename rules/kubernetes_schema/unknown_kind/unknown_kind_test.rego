package rules.kubernetes_schema.unknown_kind_test

import data.rules.kubernetes_schema.unknown_kind

_object(reason) := {
	"kubernetes_minor": 34,
	"deprecation": null,
	"schema_errors": [{"reason": reason, "at": "spec.x", "message": "unknown field spec.x"}],
}

_removed_in(minor) := {"deprecation": {"deprecated_in": 14, "removed_in": minor, "replacement": null}}

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

test_removed_version_is_left_to_its_own_rule if {
	found := unknown_kind.deny with input as object.union(_object("unknown_kind"), _removed_in(34))
	found == set()
}

test_version_that_is_still_served_is_denied if {
	found := unknown_kind.deny with input as object.union(_object("unknown_kind"), _removed_in(35))
	count(found) == 1
}

test_version_that_stays_is_denied if {
	found := unknown_kind.deny with input as object.union(_object("unknown_kind"), _removed_in(null))
	count(found) == 1
}
