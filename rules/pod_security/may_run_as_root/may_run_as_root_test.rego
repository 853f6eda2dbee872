package rules.pod_security.may_run_as_root_test

import data.rules.pod_security.may_run_as_root
import data.testing.pod_security

test_container_that_nobody_keeps_from_it_is_denied if {
	found := may_run_as_root.deny with input as pod_security.deployment({"containers": [pod_security.container({"run_as_non_root": {"value": null, "level": null}, "run_as_user": {"value": null}})]})
	found == {{"msg": "container web does not set runAsNonRoot", "at": "containers[web]"}}
}

test_number_of_a_user_alone_does_not_keep_it_from_it if {
	found := may_run_as_root.deny with input as pod_security.deployment({"containers": [pod_security.container({"run_as_non_root": {"value": null, "level": null}, "run_as_user": {"value": 10001}})]})
	found == {{"msg": "container web does not set runAsNonRoot", "at": "containers[web]"}}
}

test_pod_that_allows_it_is_denied if {
	found := may_run_as_root.deny with input as pod_security.differs({"contexts": [pod_security.pod_context({"run_as_non_root": false})]})
	found == {{"msg": "the Pod is allowed to run as root", "at": "spec.template.spec.securityContext.runAsNonRoot"}}
}

test_container_that_is_kept_from_it_passes if {
	found := may_run_as_root.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}

test_root_is_left_to_another_rule if {
	found := may_run_as_root.deny with input as pod_security.deployment({"containers": [pod_security.container({"run_as_non_root": {"value": null, "level": null}, "run_as_user": {"value": 0}})]})
	found == set()
}

test_root_of_a_context_is_left_to_another_rule if {
	found := may_run_as_root.deny with input as pod_security.differs({"contexts": [pod_security.pod_context({"run_as_non_root": false, "run_as_user": 0})]})
	found == set()
}

test_root_is_denied_here_where_the_standard_has_no_other_check if {
	found := may_run_as_root.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"run_as_non_root": {"value": null, "level": null}, "run_as_user": {"value": 0}})]}), {"pod_security": {"asks": {"non_root_user": false}}})
	found == {{"msg": "container web does not set runAsNonRoot", "at": "containers[web]"}}
}

test_user_namespace_is_not_asked if {
	found := may_run_as_root.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"run_as_non_root": {"value": null, "level": null}, "run_as_user": {"value": null}})]}), {"pod_security": {"asks": {"non_root": false}}})
	found == set()
}

test_permission_in_a_user_namespace_is_not_asked if {
	found := may_run_as_root.deny with input as pod_security.differs({"asks": {"non_root": false}, "contexts": [pod_security.pod_context({"run_as_non_root": false})]})
	found == set()
}
