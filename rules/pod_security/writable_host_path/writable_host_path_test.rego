package rules.pod_security.writable_host_path_test

import data.rules.pod_security.writable_host_path
import data.testing.pod_security

test_such_a_volume_is_denied if {
	found := writable_host_path.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/srv/data", "exposes": "writable"}]})
	found == {{"msg": "volume data lets containers write /srv/data of the node", "at": "spec.template.spec.volumes[data]"}}
}

test_volume_of_another_kind_is_left_to_another_rule if {
	found := writable_host_path.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/srv/data", "exposes": "sensitive"}]})
	found == set()
}

test_pod_without_host_paths_passes if {
	found := writable_host_path.deny with input as pod_security.differs({})
	found == set()
}
