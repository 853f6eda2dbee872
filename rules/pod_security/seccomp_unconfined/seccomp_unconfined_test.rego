package rules.pod_security.seccomp_unconfined_test

import data.rules.pod_security.seccomp_unconfined
import data.testing.pod_security

test_what_the_standard_does_not_allow_is_denied if {
	found := seccomp_unconfined.deny with input as pod_security.differs({"seccomp": [pod_security.setting("spec.template.spec.securityContext.seccompProfile", "Unconfined", false)]})
	found == {{"msg": "the Pod sets the seccomp profile Unconfined", "at": "spec.template.spec.securityContext.seccompProfile"}}
}

test_what_it_allows_passes if {
	found := seccomp_unconfined.deny with input as pod_security.differs({"seccomp": [pod_security.setting("spec.template.spec.securityContext.seccompProfile", "Localhost", true)]})
	found == set()
}
