package rules.pod_security.runtime_socket_mounted_test

import data.rules.pod_security.runtime_socket_mounted
import data.testing.pod_security

test_such_a_volume_is_denied if {
	found := runtime_socket_mounted.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/var/run/docker.sock", "exposes": "runtime_socket"}]})
	found == {{"msg": "volume data gives /var/run/docker.sock of the node, the container runtime's socket", "at": "spec.template.spec.volumes[data]"}}
}

test_volume_of_another_kind_is_left_to_another_rule if {
	found := runtime_socket_mounted.deny with input as pod_security.differs({"host_paths": [{"name": "data", "at": "spec.template.spec.volumes[data]", "path": "/var/run/docker.sock", "exposes": "sensitive"}]})
	found == set()
}

test_pod_without_host_paths_passes if {
	found := runtime_socket_mounted.deny with input as pod_security.differs({})
	found == set()
}
