package rules.dockerfile.relative_workdir_test

import data.rules.dockerfile.relative_workdir
import data.testing.dockerfile

_workdir(relative, above) := dockerfile.file("workdirs", [{
	"path": "app",
	"relative": relative,
	"above": above,
	"at": "stages[final].workdirs[app]",
}])

test_relative_path_is_denied if {
	found := relative_workdir.deny with input as _workdir(true, null)
	found == {{"msg": "stage final works in app, wherever its base image leaves off", "at": "stages[final].workdirs[app]"}}
}

test_absolute_path_passes if {
	found := relative_workdir.deny with input as _workdir(false, null)
	found == set()
}

test_path_that_a_variable_hides_passes if {
	found := relative_workdir.deny with input as _workdir(null, null)
	found == set()
}

test_path_that_continues_an_absolute_one_passes if {
	found := relative_workdir.deny with input as _workdir(true, "/srv")
	found == set()
}
