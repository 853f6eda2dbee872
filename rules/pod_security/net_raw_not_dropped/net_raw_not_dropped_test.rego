package rules.pod_security.net_raw_not_dropped_test

import data.rules.pod_security.net_raw_not_dropped
import data.testing.pod_security

test_list_without_net_raw_is_denied if {
	found := net_raw_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["MKNOD"]}})]})
	found == {{"msg": "container web drops some capabilities, but keeps NET_RAW", "at": "containers[web].securityContext.capabilities.drop"}}
}

test_list_with_net_raw_passes if {
	found := net_raw_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["MKNOD", "NET_RAW"]}})]})
	found == set()
}

test_container_that_drops_all_passes if {
	found := net_raw_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["ALL"]}})]})
	found == set()
}

test_runtimes_understand_small_letters if {
	found := net_raw_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["all"]}})]})
	found == set()
}

test_container_that_drops_nothing_is_left_to_another_rule if {
	found := net_raw_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": []}})]})
	found == set()
}

test_privileged_container_is_left_to_another_rule if {
	found := net_raw_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["MKNOD"]}, "privileged": {"value": true}})]})
	found == set()
}

test_standard_that_does_not_ask_is_not_applied if {
	found := net_raw_not_dropped.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["MKNOD"]}})]}), {"pod_security": {"asks": {"capabilities": false}}})
	found == set()
}
