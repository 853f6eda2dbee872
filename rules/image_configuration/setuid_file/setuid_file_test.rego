package rules.image_configuration.setuid_file_test

import data.rules.image_configuration.setuid_file
import data.testing.image

_facts(expected) := object.union(
	image.facts({"/contents/setuid": [{"path": "/opt/helper", "at": "contents.setuid[/opt/helper]", "mode": "4755", "owner": 0, "group": 0, "layer": image.layer}]}),
	{"params": {"image_configuration.setuid_file": {"expected": expected}}},
)

test_setuid_file_is_denied if {
	found := setuid_file.deny with input as _facts(["/bin/su"])
	found == {{"msg": "/opt/helper has mode 4755 and the owner 0: layer 2 (COPY . /)", "at": "contents.setuid[/opt/helper]"}}
}

test_expected_file_passes if {
	found := setuid_file.deny with input as _facts(["/opt/helper"])
	found == set()
}
