package rules.configuration.unversioned_name_test

import data.rules.configuration.unversioned_name
import data.testing.configuration

_judged(change) := configuration.config_map(object.union({"name": "app", "versioned_name": null}, change))

test_name_without_version_is_denied if {
	found := unversioned_name.deny with input as _judged({})
	found == {{"msg": "configmap app is immutable, but its name tells no version", "at": "metadata.name"}}
}

test_versioned_name_passes if {
	found := unversioned_name.deny with input as _judged({"versioned_name": "hash"})
	found == set()
}

test_mutable_configuration_is_left_to_its_own_rule if {
	found := unversioned_name.deny with input as _judged({"immutable": false})
	found == set()
}

test_configuration_that_no_workload_reads_passes if {
	found := unversioned_name.deny with input as _judged({"used_by": []})
	found == set()
}
