package rules.pod_security.windows_host_process_test

import data.rules.pod_security.windows_host_process
import data.testing.pod_security

test_host_process_is_denied if {
	found := windows_host_process.deny with input as pod_security.differs({"contexts": [pod_security.pod_context({"host_process": true})]})
	found == {{"msg": "the Pod runs as a process of its Windows node", "at": "spec.template.spec.securityContext.windowsOptions.hostProcess"}}
}

test_ordinary_container_passes if {
	found := windows_host_process.deny with input as pod_security.differs({"contexts": [pod_security.pod_context({"host_process": false})]})
	found == set()
}
