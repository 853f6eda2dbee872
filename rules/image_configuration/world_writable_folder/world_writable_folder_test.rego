package rules.image_configuration.world_writable_folder_test

import data.rules.image_configuration.world_writable_folder
import data.testing.image

_facts(expected) := object.union(
	image.facts({"/contents/world_writable": [{"path": "/data", "at": "contents.world_writable[/data]", "layer": image.layer}]}),
	{"params": {"image_configuration.world_writable_folder": {"expected": expected}}},
)

test_folder_is_denied if {
	found := world_writable_folder.deny with input as _facts([])
	found == {{"msg": "/data is writable for everybody and has no sticky bit: layer 2 (COPY . /)", "at": "contents.world_writable[/data]"}}
}

test_expected_folder_passes if {
	found := world_writable_folder.deny with input as _facts(["/data"])
	found == set()
}
