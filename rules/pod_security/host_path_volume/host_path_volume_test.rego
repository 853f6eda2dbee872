package rules.pod_security.host_path_volume_test

import data.rules.pod_security.host_path_volume
import data.testing.pod_security

test_such_a_volume_is_denied if {
	found := host_path_volume.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/srv/data", "exposes": "read_only"}]})
	found == {{"msg": "volume data mounts /srv/data of the node", "at": "spec.template.spec.volumes[data]"}}
}

test_volume_of_another_kind_is_left_to_another_rule if {
	found := host_path_volume.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/srv/data", "exposes": "sensitive"}]})
	found == set()
}

test_pod_without_host_paths_passes if {
	found := host_path_volume.deny with input as pod_security.differs({})
	found == set()
}
