package rules.pod_security.apparmor_overridden_test

import data.rules.pod_security.apparmor_overridden
import data.testing.pod_security

test_what_the_standard_does_not_allow_is_denied if {
	found := apparmor_overridden.deny with input as pod_security.differs({"app_armor": [pod_security.setting("spec.template.spec.securityContext.appArmorProfile", "Unconfined", false)]})
	found == {{"msg": "the Pod sets the AppArmor profile Unconfined", "at": "spec.template.spec.securityContext.appArmorProfile"}}
}

test_what_it_allows_passes if {
	found := apparmor_overridden.deny with input as pod_security.differs({"app_armor": [pod_security.setting("spec.template.spec.securityContext.appArmorProfile", "Localhost", true)]})
	found == set()
}
