package rules.observability.log_volume_test

import data.rules.observability.log_volume
import data.testing.pod_security

test_folder_for_logs_on_a_volume_is_denied if {
	found := log_volume.deny with input as pod_security.deployment({"observability": {"log_volumes": [{"of": "container web", "at": "containers[web].volumeMounts[logs]", "path": "/var/log/web", "volume": "emptyDir"}]}})
	found == {{"msg": "container web keeps logs in /var/log/web on a volume (emptyDir) that no other container reads", "at": "containers[web].volumeMounts[logs]"}}
}

test_no_such_folder_passes if {
	found := log_volume.deny with input as pod_security.deployment({"observability": {"log_volumes": []}})
	found == set()
}
