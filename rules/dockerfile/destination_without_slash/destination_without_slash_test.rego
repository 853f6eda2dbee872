package rules.dockerfile.destination_without_slash_test

import data.rules.dockerfile.destination_without_slash
import data.testing.dockerfile

_copy(sources, destination, relative) := dockerfile.copies({
	"sources": sources,
	"destination": destination,
	"relative": relative,
})

_two := [{"text": "a"}, {"text": "b"}]

test_two_files_to_a_path_without_slash_are_denied if {
	found := destination_without_slash.deny with input as _copy(_two, "/opt", false)
	found == {{"msg": "stage final copies several files to /opt, which does not end with a slash", "at": "stages[final].copies[app /opt/]"}}
}

test_slash_passes if {
	found := destination_without_slash.deny with input as _copy(_two, "/opt/", false)
	found == set()
}

test_working_directory_passes if {
	found := destination_without_slash.deny with input as _copy(_two, ".", true)
	found == set()
}

test_one_file_passes if {
	found := destination_without_slash.deny with input as _copy([{"text": "a"}], "/opt", false)
	found == set()
}

test_destination_that_a_variable_hides_passes if {
	found := destination_without_slash.deny with input as _copy(_two, "$DIR", null)
	found == set()
}
