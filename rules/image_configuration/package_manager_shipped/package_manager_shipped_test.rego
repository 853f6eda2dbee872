package rules.image_configuration.package_manager_shipped_test

import data.rules.image_configuration.package_manager_shipped
import data.testing.image

_facts(kind) := image.facts({"/contents/programs": [{"kind": kind, "path": "/usr/bin/apt-get", "at": "contents.programs[/usr/bin/apt-get]", "layer": image.layer}]})

test_it_is_denied if {
	found := package_manager_shipped.deny with input as _facts("package_manager")
	found == {{"msg": "the image holds a package manager: /usr/bin/apt-get", "at": "contents.programs[/usr/bin/apt-get]"}}
}

test_other_programs_pass if {
	found := package_manager_shipped.deny with input as _facts("shell")
	found == set()
}
