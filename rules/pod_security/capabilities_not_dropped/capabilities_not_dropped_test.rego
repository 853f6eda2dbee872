package rules.pod_security.capabilities_not_dropped_test

import data.rules.pod_security.capabilities_not_dropped
import data.testing.pod_security

test_container_that_drops_nothing_is_denied if {
	found := capabilities_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": []}})]})
	found == {{"msg": "container web does not drop ALL capabilities", "at": "containers[web]"}}
}

test_container_that_drops_net_raw_only_is_denied if {
	found := capabilities_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["NET_RAW"]}})]})
	found == {{"msg": "container web does not drop ALL capabilities", "at": "containers[web]"}}
}

test_container_that_drops_all_passes if {
	found := capabilities_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({})]})
	found == set()
}

test_all_in_small_letters_is_not_what_the_standard_asks if {
	found := capabilities_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["all"]}})]})
	found == {{"msg": "container web does not drop ALL capabilities", "at": "containers[web]"}}
}

test_list_without_net_raw_is_left_to_another_rule if {
	found := capabilities_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": ["MKNOD"]}})]})
	found == set()
}

test_privileged_container_is_left_to_another_rule if {
	found := capabilities_not_dropped.deny with input as pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": []}, "privileged": {"value": true}})]})
	found == set()
}

test_standard_that_does_not_ask_is_not_applied if {
	found := capabilities_not_dropped.deny with input as object.union(pod_security.deployment({"containers": [pod_security.container({"capabilities": {"drop": []}})]}), {"pod_security": {"asks": {"capabilities": false}}})
	found == set()
}
