package rules.configuration.mutable_secret_test

import data.rules.configuration.mutable_secret
import data.testing.configuration

_judged(change) := object.union(configuration.secret({"immutable": false}), change)

test_one_that_can_be_changed_is_denied if {
	found := mutable_secret.deny with input as _judged({})
	found == {{"msg": "secret db-v1 can be changed under Deployment/web", "at": "immutable"}}
}

test_immutable_one_passes if {
	found := mutable_secret.deny with input as _judged({"immutable": true})
	found == set()
}

test_one_that_no_workload_reads_passes if {
	found := mutable_secret.deny with input as _judged({"used_by": []})
	found == set()
}

test_one_that_a_controller_writes_passes if {
	found := mutable_secret.deny with input as _judged({"owned": true})
	found == set()
}

test_one_that_is_filled_later_passes if {
	found := mutable_secret.deny with input as _judged({"filled_later": true})
	found == set()
}

test_other_kind_is_left_to_its_own_rule if {
	found := mutable_secret.deny with input as _judged({"kind": "ConfigMap"})
	found == set()
}

test_renewed_certificate_passes if {
	found := mutable_secret.deny with input as _judged({"type": "kubernetes.io/tls"})
	found == set()
}

test_renewed_token_passes if {
	found := mutable_secret.deny with input as _judged({"type": "kubernetes.io/service-account-token"})
	found == set()
}
