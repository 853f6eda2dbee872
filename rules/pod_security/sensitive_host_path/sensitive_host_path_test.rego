package rules.pod_security.sensitive_host_path_test

import data.rules.pod_security.sensitive_host_path
import data.testing.pod_security

test_such_a_volume_is_denied if {
	found := sensitive_host_path.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/etc", "exposes": "sensitive"}]})
	found == {{"msg": "volume data gives /etc of the node, a system folder", "at": "spec.template.spec.volumes[data]"}}
}

test_volume_of_another_kind_is_left_to_another_rule if {
	found := sensitive_host_path.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/etc", "exposes": "read_only"}]})
	found == set()
}

test_pod_without_host_paths_passes if {
	found := sensitive_host_path.deny with input as pod_security.differs({})
	found == set()
}
