package rules.configuration.mutable_config_map_test

import data.rules.configuration.mutable_config_map
import data.testing.configuration

_judged(change) := object.union(configuration.config_map({"immutable": false, "params": {"configuration.mutable_config_map": {"exempt": ["kube-root-ca.crt"]}}}), change)

test_one_that_can_be_changed_is_denied if {
	found := mutable_config_map.deny with input as _judged({})
	found == {{"msg": "config map app-v1 can be changed under Deployment/web", "at": "immutable"}}
}

test_immutable_one_passes if {
	found := mutable_config_map.deny with input as _judged({"immutable": true})
	found == set()
}

test_one_that_no_workload_reads_passes if {
	found := mutable_config_map.deny with input as _judged({"used_by": []})
	found == set()
}

test_one_that_a_controller_writes_passes if {
	found := mutable_config_map.deny with input as _judged({"owned": true})
	found == set()
}

test_one_that_is_filled_later_passes if {
	found := mutable_config_map.deny with input as _judged({"filled_later": true})
	found == set()
}

test_other_kind_is_left_to_its_own_rule if {
	found := mutable_config_map.deny with input as _judged({"kind": "Secret"})
	found == set()
}

test_exempt_name_passes if {
	found := mutable_config_map.deny with input as _judged({"name": "kube-root-ca.crt"})
	found == set()
}
