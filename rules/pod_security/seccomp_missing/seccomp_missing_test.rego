package rules.pod_security.seccomp_missing_test

import data.rules.pod_security.seccomp_missing
import data.testing.pod_security

test_container_without_profile_is_denied if {
	found := seccomp_missing.deny with input as pod_security.deployment({"containers": [pod_security.container({"seccomp_profile": {"value": null}})]})
	found == {{"msg": "container web has no seccomp profile", "at": "containers[web]"}}
}

test_container_with_profile_passes if {
	found := seccomp_missing.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}

test_privileged_container_has_none_whatever_it_sets if {
	found := seccomp_missing.deny with input as pod_security.deployment({"containers": [pod_security.container({"seccomp_profile": {"value": null}, "privileged": {"value": true}})]})
	found == set()
}

test_standard_that_does_not_ask_is_not_applied if {
	found := seccomp_missing.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"seccomp_profile": {"value": null}})]}), {"pod_security": {"asks": {"seccomp": false}}})
	found == set()
}
