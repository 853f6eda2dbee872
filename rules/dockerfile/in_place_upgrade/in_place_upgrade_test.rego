package rules.dockerfile.in_place_upgrade_test

import data.rules.dockerfile.in_place_upgrade
import data.testing.dockerfile

_run(changes) := {"stages": [dockerfile.stage([{"op": "replace", "path": "/runs", "value": [dockerfile.run(changes)]}])]}

test_upgrade_of_everything_is_denied if {
	found := in_place_upgrade.deny with input as _run({"action": "upgrade", "operation": "upgrade", "packages": []})
	found == {{
		"msg": "stage final upgrades everything in place: apk upgrade",
		"at": "stages[final].runs[apk add curl].apk",
	}}
}

test_install_passes if {
	found := in_place_upgrade.deny with input as _run({"action": "install", "operation": "upgrade", "packages": []})
	found == set()
}

test_upgrade_of_named_packages_passes if {
	found := in_place_upgrade.deny with input as _run({"action": "upgrade", "operation": "upgrade"})
	found == set()
}
