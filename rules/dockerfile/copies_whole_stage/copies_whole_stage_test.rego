package rules.dockerfile.copies_whole_stage_test

import data.rules.dockerfile.copies_whole_stage
import data.testing.dockerfile

_build(patch) := dockerfile.stage(array.concat(
	[
		{"op": "replace", "path": "/id", "value": "build"},
		{"op": "replace", "path": "/runs", "value": [dockerfile.run({})]},
	],
	patch,
))

_file(changes, kind, patch) := {"stages": [
	_build(patch),
	json.patch(
		dockerfile.copies(object.union(
			{"from": {"text": "build", "stage": "build"}, "sources": [{"text": "/"}], "destination": "/"},
			changes,
		)).stages[0],
		[{"op": "replace", "path": "/base/kind", "value": kind}],
	),
]}

_scratch := [{"op": "replace", "path": "/base/kind", "value": "scratch"}]

test_whole_file_system_is_denied if {
	found := copies_whole_stage.deny with input as _file({}, "image", [])
	found == {{"msg": "stage final copies the whole file system of build", "at": "stages[final].copies[app /opt/]"}}
}

test_build_context_passes if {
	found := copies_whole_stage.deny with input as _file({"from": null}, "image", [])
	found == set()
}

test_image_passes if {
	found := copies_whole_stage.deny with input as _file({"from": {"text": "tools:1", "stage": null}}, "image", [])
	found == set()
}

test_folder_passes if {
	found := copies_whole_stage.deny with input as _file({"sources": [{"text": "/app"}]}, "image", [])
	found == set()
}

test_copy_into_a_folder_passes if {
	found := copies_whole_stage.deny with input as _file({"destination": "/rootfs/"}, "image", [])
	found == set()
}

test_empty_image_passes if {
	found := copies_whole_stage.deny with input as _file({}, "scratch", [])
	found == set()
}

test_stage_from_scratch_passes if {
	found := copies_whole_stage.deny with input as _file({}, "image", _scratch)
	found == set()
}

test_stage_that_runs_nothing_passes if {
	found := copies_whole_stage.deny with input as _file({}, "image", [{"op": "replace", "path": "/runs", "value": []}])
	found == set()
}
