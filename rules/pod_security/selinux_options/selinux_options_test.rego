package rules.pod_security.selinux_options_test

import data.rules.pod_security.selinux_options
import data.testing.pod_security

test_what_the_standard_does_not_allow_is_denied if {
	found := selinux_options.deny with input as pod_security.differs({"selinux": [pod_security.setting("spec.template.spec.securityContext.seLinuxOptions.type", "type spc_t", false)]})
	found == {{"msg": "the Pod sets the SELinux type spc_t", "at": "spec.template.spec.securityContext.seLinuxOptions.type"}}
}

test_what_it_allows_passes if {
	found := selinux_options.deny with input as pod_security.differs({"selinux": [pod_security.setting("spec.template.spec.securityContext.seLinuxOptions.type", "type container_t", true)]})
	found == set()
}
