package rules.pod_security.volume_type_restricted_test

import data.rules.pod_security.volume_type_restricted
import data.testing.pod_security

_of_type(type) := pod_security.deployment({"pod": {"volumes": [{"name": "data", "type": type, "source": {}}]}})

test_other_type_is_denied if {
	found := volume_type_restricted.deny with input as _of_type("nfs")
	found == {{"msg": "volume data is of the type nfs", "at": "spec.template.spec.volumes[data]"}}
}

test_claim_passes if {
	found := volume_type_restricted.deny with input as _of_type("persistentVolumeClaim")
	found == set()
}

test_host_path_is_left_to_other_rules if {
	found := volume_type_restricted.deny with input as _of_type("hostPath")
	found == set()
}

test_volume_without_source_is_an_empty_dir if {
	found := volume_type_restricted.deny with input as _of_type(null)
	found == set()
}
