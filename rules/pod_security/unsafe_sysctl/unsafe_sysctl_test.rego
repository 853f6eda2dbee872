package rules.pod_security.unsafe_sysctl_test

import data.rules.pod_security.unsafe_sysctl
import data.testing.pod_security

test_what_the_standard_does_not_allow_is_denied if {
	found := unsafe_sysctl.deny with input as pod_security.differs({"sysctls": [pod_security.setting("spec.template.spec.securityContext.sysctls[kernel.msgmax]", "kernel.msgmax", false)]})
	found == {{"msg": "the Pod sets the sysctl kernel.msgmax", "at": "spec.template.spec.securityContext.sysctls[kernel.msgmax]"}}
}

test_what_it_allows_passes if {
	found := unsafe_sysctl.deny with input as pod_security.differs({"sysctls": [pod_security.setting("spec.template.spec.securityContext.sysctls[kernel.msgmax]", "net.ipv4.tcp_syncookies", true)]})
	found == set()
}
