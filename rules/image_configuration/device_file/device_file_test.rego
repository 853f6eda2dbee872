package rules.image_configuration.device_file_test

import data.rules.image_configuration.device_file
import data.testing.image

_facts(kind) := image.facts({"/contents/odd": [{"kind": kind, "path": "/dev/sda", "at": "contents.odd[/dev/sda]", "layer": image.layer}]})

test_device_is_denied if {
	found := device_file.deny with input as _facts("device")
	found == {{"msg": "/dev/sda is a device file: layer 2 (COPY . /)", "at": "contents.odd[/dev/sda]"}}
}

test_other_oddities_pass if {
	found := device_file.deny with input as _facts("absolute")
	found == set()
}
