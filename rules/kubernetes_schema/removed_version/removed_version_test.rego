package rules.kubernetes_schema.removed_version_test

import data.rules.kubernetes_schema.removed_version

_object(deprecated_in, removed_in, replacement) := {
	"api_version": "batch/v1beta1",
	"kind": "CronJob",
	"kubernetes_minor": 34,
	"deprecation": {"deprecated_in": deprecated_in, "removed_in": removed_in, "replacement": replacement},
}

test_a_removed_version_is_denied if {
	found := removed_version.deny with input as _object(21, 25, "batch/v1")
	found == {{"msg": "CronJob of batch/v1beta1 is gone since Kubernetes 1.25; use batch/v1", "at": "apiVersion"}}
}

test_a_removed_kind_is_denied if {
	found := removed_version.deny with input as _object(21, 34, null)
	found == {{"msg": "CronJob of batch/v1beta1 is gone since Kubernetes 1.34, and nothing replaces it", "at": "apiVersion"}}
}

test_a_version_that_is_still_served_passes if {
	found := removed_version.deny with input as _object(21, 35, "batch/v1")
	found == set()
}

test_a_version_that_stays_passes if {
	found := removed_version.deny with input as _object(21, null, "batch/v1")
	found == set()
}

test_an_ordinary_version_passes if {
	found := removed_version.deny with input as object.union(_object(21, 25, "batch/v1"), {"deprecation": null})
	found == set()
}
