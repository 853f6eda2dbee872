package rules.dockerfile.update_alone_test

import data.rules.dockerfile.update_alone
import data.testing.dockerfile

_run(unused) := dockerfile.file("runs", [dockerfile.run({"index_unused": unused})])

test_update_alone_is_denied if {
	found := update_alone.deny with input as _run(true)
	found == {{"msg": "stage final fetches the package index in a RUN that does not use it", "at": "stages[final].runs[apk add curl]"}}
}

test_update_before_an_install_passes if {
	found := update_alone.deny with input as _run(false)
	found == set()
}
