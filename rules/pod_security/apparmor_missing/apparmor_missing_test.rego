package rules.pod_security.apparmor_missing_test

import data.rules.pod_security.apparmor_missing
import data.testing.pod_security

test_container_without_profile_is_denied if {
	found := apparmor_missing.deny with input as pod_security.differs({"without_app_armor": ["web"]})
	found == {{"msg": "container web asks for no AppArmor profile", "at": "containers[web]"}}
}

test_container_with_profile_passes if {
	found := apparmor_missing.deny with input as pod_security.differs({"without_app_armor": []})
	found == set()
}

test_windows_has_no_such_setting if {
	found := apparmor_missing.deny with input as pod_security.differs({"without_app_armor": ["web"], "windows": true})
	found == set()
}
