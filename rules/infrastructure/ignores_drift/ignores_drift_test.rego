package rules.infrastructure.ignores_drift_test

import data.rules.infrastructure.ignores_drift
import data.testing.terraform

_ignoring(names) := object.union(terraform.resource("aws_instance", {}), {
	"lifecycle": {"ignore_changes": names},
	"params": {"infrastructure.ignores_drift": {"attributes": ["all", "ami"]}},
})

test_ignored_image_is_denied if {
	found := ignores_drift.deny with input as _ignoring(["ami", "tags"])
	found == {{"msg": "aws_instance.main ignores changes of ami", "at": "lifecycle.ignore_changes"}}
}

test_everything_ignored_is_denied if {
	found := ignores_drift.deny with input as _ignoring(["all"])
	found == {{"msg": "aws_instance.main ignores changes of all", "at": "lifecycle.ignore_changes"}}
}

test_ignored_tags_pass if {
	found := ignores_drift.deny with input as _ignoring(["tags"])
	found == set()
}

test_plan_passes if {
	found := ignores_drift.deny with input as terraform.planned("aws_instance", ["create"], [])
	found == set()
}
