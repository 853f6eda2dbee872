package rules.dockerfile.recommended_packages_test

import data.rules.dockerfile.recommended_packages
import data.testing.dockerfile

_run(recommends, action) := dockerfile.file("runs", [dockerfile.run({"recommends": recommends, "action": action})])

test_recommended_packages_are_denied if {
	found := recommended_packages.deny with input as _run(true, "install")
	found == {{"msg": "stage final installs what apt only recommends", "at": "stages[final].runs[apk add curl]"}}
}

test_option_passes if {
	found := recommended_packages.deny with input as _run(false, "install")
	found == set()
}

test_other_managers_pass if {
	found := recommended_packages.deny with input as _run(null, "install")
	found == set()
}

test_update_passes if {
	found := recommended_packages.deny with input as _run(true, "update")
	found == set()
}
