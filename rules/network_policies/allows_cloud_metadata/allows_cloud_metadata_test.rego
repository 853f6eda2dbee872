package rules.network_policies.allows_cloud_metadata_test

import data.rules.network_policies.allows_cloud_metadata
import data.testing.network_policy

_policy(differences) := network_policy.allowing("egress", object.union({"plain_http": true, "metadata_service": ["spec.egress[0].to[0]"]}, differences))

test_reachable_metadata_is_denied if {
	found := allows_cloud_metadata.deny with input as _policy({})
	found == {{"msg": "allows egress to the metadata service of the cloud (169.254.169.254)", "at": "spec.egress[0].to[0]"}}
}

test_metadata_left_out_passes if {
	found := allows_cloud_metadata.deny with input as _policy({"metadata_service": []})
	found == set()
}

test_other_ports_pass if {
	found := allows_cloud_metadata.deny with input as _policy({"plain_http": false})
	found == set()
}

test_rule_that_allows_everything_is_told_by_another_rule if {
	found := allows_cloud_metadata.deny with input as _policy({"any_peer": true, "any_port": true})
	found == set()
}

test_every_address_on_named_ports_is_denied if {
	found := allows_cloud_metadata.deny with input as _policy({"any_peer": true})
	found == {{"msg": "allows egress to the metadata service of the cloud (169.254.169.254)", "at": "spec.egress[0].to[0]"}}
}

test_rule_of_a_type_that_is_not_in_force_passes if {
	found := allows_cloud_metadata.deny with input as object.union(_policy({}), {"policy_types": ["Ingress"]})
	found == set()
}
