package rules.dockerfile.secret_in_run_test

import data.rules.dockerfile.secret_in_run
import data.testing.dockerfile

_run(names) := dockerfile.file("runs", [object.union(dockerfile.run({}), {"secrets": names})])

test_secret_is_denied if {
	found := secret_in_run.deny with input as _run(["API_TOKEN"])
	found == {{"msg": "stage final writes a secret into a RUN: API_TOKEN", "at": "stages[final].runs[apk add curl]"}}
}

test_no_secret_passes if {
	found := secret_in_run.deny with input as _run([])
	found == set()
}
