package rules.dockerfile.copies_whole_stage_test

import data.rules.dockerfile.copies_whole_stage
import data.testing.dockerfile

_copy(changes) := dockerfile.copies(object.union(
	{"from": {"text": "build"}, "sources": [{"text": "/"}], "destination": "/"},
	changes,
))

test_whole_file_system_is_denied if {
	found := copies_whole_stage.deny with input as _copy({})
	found == {{"msg": "stage final copies the whole file system of build", "at": "stages[final].copies[app /opt/]"}}
}

test_build_context_passes if {
	found := copies_whole_stage.deny with input as _copy({"from": null})
	found == set()
}

test_folder_passes if {
	found := copies_whole_stage.deny with input as _copy({"sources": [{"text": "/app"}]})
	found == set()
}

test_copy_into_a_folder_passes if {
	found := copies_whole_stage.deny with input as _copy({"destination": "/rootfs/"})
	found == set()
}

test_empty_image_passes if {
	found := copies_whole_stage.deny with input as {"stages": [json.patch(_copy({}).stages[0], [{"op": "replace", "path": "/base/kind", "value": "scratch"}])]}
	found == set()
}
