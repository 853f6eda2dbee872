package rules.pod_security.shared_process_namespace_test

import data.rules.pod_security.shared_process_namespace
import data.testing.pod_security

test_shared_processes_are_denied if {
	found := shared_process_namespace.deny with input as pod_security.differs({"share_process_namespace": true})
	found == {{"msg": "the containers of the Pod share their processes", "at": "spec.template.spec.shareProcessNamespace"}}
}

test_own_processes_pass if {
	found := shared_process_namespace.deny with input as pod_security.differs({"share_process_namespace": false})
	found == set()
}
