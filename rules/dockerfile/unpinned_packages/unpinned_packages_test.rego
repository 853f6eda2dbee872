package rules.dockerfile.unpinned_packages_test

import data.rules.dockerfile.unpinned_packages
import data.testing.dockerfile

_run(changes) := {"stages": [dockerfile.stage([{"op": "replace", "path": "/runs", "value": [dockerfile.run(changes)]}])]}

_packages(pinned) := [
	{"text": "tzdata=2024a-r1", "name": "tzdata", "pinned": true},
	{"text": "curl", "name": "curl", "pinned": pinned},
	{"text": "git", "name": "git", "pinned": pinned},
]

test_packages_without_version_are_denied if {
	found := unpinned_packages.deny with input as _run({"packages": _packages(false)})
	found == {{
		"msg": "stage final installs without a version, by apk: curl, git",
		"at": "stages[final].runs[apk add curl].apk",
	}}
}

test_packages_with_version_pass if {
	found := unpinned_packages.deny with input as _run({"packages": _packages(true)})
	found == set()
}

test_packages_that_cannot_be_told_pass if {
	found := unpinned_packages.deny with input as _run({"packages": _packages(null)})
	found == set()
}

test_an_upgrade_is_no_install if {
	found := unpinned_packages.deny with input as _run({"packages": _packages(false), "action": "upgrade"})
	found == set()
}

test_managers_that_are_not_known_pass if {
	found := unpinned_packages.deny with input as _run({"packages": _packages(false), "manager": "pacman"})
	found == set()
}
