package rules.configuration.sub_path_mount_test

import data.rules.configuration.sub_path_mount
import data.testing.configuration
import data.testing.workload

_reading(immutable, how) := object.union(workload.deployment([]), {"configuration": [configuration.read({
	"immutable": immutable,
	"uses": [configuration.use({"how": how, "at": "containers[web].volumeMounts[config]"})],
})]})

test_single_file_is_denied if {
	found := sub_path_mount.deny with input as _reading(false, "sub_path")
	found == {{
		"msg": "configmap app-v1 is mounted by subPath, so that no change of it arrives",
		"at": "containers[web].volumeMounts[config]",
	}}
}

test_folder_passes if {
	found := sub_path_mount.deny with input as _reading(false, "volume")
	found == set()
}

test_immutable_configuration_passes if {
	found := sub_path_mount.deny with input as _reading(true, "sub_path")
	found == set()
}

test_configuration_that_is_not_known_passes if {
	found := sub_path_mount.deny with input as _reading(null, "sub_path")
	found == set()
}
