package rules.kubernetes_schema.duplicate_object_test

import data.rules.kubernetes_schema.duplicate_object

_object(reason) := {"schema_errors": [{"reason": reason, "at": "metadata.name", "message": "Service web is written a second time"}]}

test_an_object_written_twice_is_denied if {
	found := duplicate_object.deny with input as _object("duplicate_object")
	found == {{"msg": "Service web is written a second time", "at": "metadata.name"}}
}

test_another_misfit_passes if {
	found := duplicate_object.deny with input as _object("duplicate_field")
	found == set()
}
