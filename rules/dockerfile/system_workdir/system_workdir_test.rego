package rules.dockerfile.system_workdir_test

import data.rules.dockerfile.system_workdir
import data.testing.dockerfile

_workdir(path) := dockerfile.file("workdirs", [{"path": path, "at": "stages[final].workdirs[w]"}])

test_folder_of_the_system_is_denied if {
	found := system_workdir.deny with input as _workdir("/proc/self")
	found == {{"msg": "stage final works in /proc/self, which belongs to the system", "at": "stages[final].workdirs[w]"}}
}

test_folder_that_begins_alike_passes if {
	found := system_workdir.deny with input as _workdir("/process")
	found == set()
}
