package rules.image_configuration.distribution_unknown_test

import data.rules.image_configuration.distribution_unknown
import data.testing.image

_facts(kind, distribution, complete) := image.facts({
	"/contents/complete": complete,
	"/contents/distribution": distribution,
	"/contents/programs": [{"kind": kind, "path": "/sbin/apk", "at": "contents.programs[/sbin/apk]", "layer": image.layer}],
})

test_missing_os_release_is_denied if {
	found := distribution_unknown.deny with input as _facts("package_manager", null, true)
	found == {{"msg": "the image has /sbin/apk and no os-release, so that scanners do not know its packages", "at": "contents.distribution"}}
}

test_image_without_package_manager_passes if {
	found := distribution_unknown.deny with input as _facts("shell", null, true)
	found == set()
}

test_known_distribution_passes if {
	found := distribution_unknown.deny with input as _facts("package_manager", {"id": "alpine", "version": null}, true)
	found == set()
}

test_layers_that_were_not_all_read_pass if {
	found := distribution_unknown.deny with input as _facts("package_manager", null, false)
	found == set()
}
