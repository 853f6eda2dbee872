package rules.availability.default_namespace_test

import data.rules.availability.default_namespace
import data.testing.availability

test_the_default_namespace_is_denied if {
	found := default_namespace.deny with input as availability.deployment({"namespace": "default"})
	found == {{"msg": "is in the default namespace", "at": "metadata.namespace"}}
}

test_another_namespace_passes if {
	found := default_namespace.deny with input as availability.deployment({})
	found == set()
}

test_an_unknown_namespace_passes if {
	found := default_namespace.deny with input as availability.deployment({"namespace": null})
	found == set()
}

test_what_kubernetes_keeps_there_passes if {
	found := default_namespace.deny with input as availability.deployment({"namespace": "default", "kind": "Service", "name": "kubernetes"})
	found == set()
}

test_rights_over_the_default_namespace_pass if {
	found := default_namespace.deny with input as availability.deployment({"namespace": "default", "kind": "RoleBinding"})
	found == set()
}
