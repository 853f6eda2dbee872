package rules.image_configuration.file_capabilities_test

import data.rules.image_configuration.file_capabilities
import data.testing.image

_facts(expected) := object.union(
	image.facts({"/contents/capabilities": [{"path": "/app", "at": "contents.capabilities[/app]", "layer": image.layer}]}),
	{"params": {"image_configuration.file_capabilities": {"expected": expected}}},
)

test_capabilities_are_denied if {
	found := file_capabilities.deny with input as _facts([])
	found == {{"msg": "/app gives capabilities to whoever starts it: layer 2 (COPY . /)", "at": "contents.capabilities[/app]"}}
}

test_expected_file_passes if {
	found := file_capabilities.deny with input as _facts(["/app"])
	found == set()
}
