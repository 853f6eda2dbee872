package rules.dockerfile.relative_destination_test

import data.rules.dockerfile.relative_destination
import data.testing.dockerfile

test_relative_destination_is_denied if {
	found := relative_destination.deny with input as dockerfile.copies({"relative": true})
	found == {{"msg": "stage final copies to /opt/ without a WORKDIR", "at": "stages[final].copies[app /opt/]"}}
}

test_absolute_destination_passes if {
	found := relative_destination.deny with input as dockerfile.copies({"relative": false})
	found == set()
}

test_destination_that_a_variable_hides_passes if {
	found := relative_destination.deny with input as dockerfile.copies({"relative": null})
	found == set()
}

test_destination_in_a_workdir_passes if {
	found := relative_destination.deny with input as dockerfile.copies({"relative": true, "workdir": "/srv"})
	found == set()
}
