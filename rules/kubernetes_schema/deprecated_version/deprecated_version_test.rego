package rules.kubernetes_schema.deprecated_version_test

import data.rules.kubernetes_schema.deprecated_version

_object(deprecated_in, removed_in, replacement) := {
	"api_version": "batch/v1beta1",
	"kind": "CronJob",
	"kubernetes_minor": 34,
	"deprecation": {"deprecated_in": deprecated_in, "removed_in": removed_in, "replacement": replacement},
}

test_a_deprecated_version_is_denied if {
	found := deprecated_version.deny with input as _object(34, 37, "batch/v1")
	found == {{"msg": "CronJob of batch/v1beta1 is deprecated since Kubernetes 1.34, and gone in 1.37; use batch/v1", "at": "apiVersion"}}
}

test_a_version_without_an_end_is_denied if {
	found := deprecated_version.deny with input as _object(19, null, null)
	found == {{"msg": "CronJob of batch/v1beta1 is deprecated since Kubernetes 1.19", "at": "apiVersion"}}
}

test_a_removed_version_is_for_another_rule if {
	found := deprecated_version.deny with input as _object(21, 34, "batch/v1")
	found == set()
}

test_a_version_that_will_be_deprecated_passes if {
	found := deprecated_version.deny with input as _object(35, 37, "batch/v1")
	found == set()
}

test_an_unknown_start_passes if {
	found := deprecated_version.deny with input as _object(null, 37, "batch/v1")
	found == set()
}

test_an_ordinary_version_passes if {
	found := deprecated_version.deny with input as object.union(_object(21, 25, "batch/v1"), {"deprecation": null})
	found == set()
}
