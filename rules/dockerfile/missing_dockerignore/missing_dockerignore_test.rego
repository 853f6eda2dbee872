package rules.dockerfile.missing_dockerignore_test

import data.rules.dockerfile.missing_dockerignore
import data.testing.dockerfile

_file(ignored, everything, from) := object.union({"ignore_file": ignored}, dockerfile.copies({
	"from": from,
	"sources": [{"text": ".", "everything": everything}],
}))

test_whole_context_is_denied if {
	found := missing_dockerignore.deny with input as _file(false, true, null)
	found == {{"msg": "the whole build context is copied, and no .dockerignore keeps anything out of it", "at": "stages[final].copies[app /opt/]"}}
}

test_whole_context_with_an_ignore_file_passes if {
	found := missing_dockerignore.deny with input as _file(true, true, null)
	found == set()
}

test_file_beside_which_nobody_could_look_passes if {
	found := missing_dockerignore.deny with input as _file(null, true, null)
	found == set()
}

test_named_files_pass if {
	found := missing_dockerignore.deny with input as _file(false, false, null)
	found == set()
}

test_copy_from_a_stage_passes if {
	found := missing_dockerignore.deny with input as _file(false, true, {"kind": "stage"})
	found == set()
}
