package rules.infrastructure.missing_tags_test

import data.rules.infrastructure.missing_tags
import data.testing.terraform

_params := {"params": {"infrastructure.missing_tags": {
	"types": ["aws_vpc", "aws_instance"],
	"required_tags": ["Environment", "ManagedBy"],
	"release_types": ["aws_instance"],
	"release_tags": ["Version"],
}}}

_resource(type, tags) := object.union_n([_params, terraform.resource(type, {}), {"tags": tags}])

_everywhere := {"Environment": "prod", "ManagedBy": "terraform"}

test_missing_tags_are_denied_together if {
	found := missing_tags.deny with input as _resource("aws_vpc", {"Name": "main"})
	found == {{"msg": "aws_vpc.main has no tag Environment, ManagedBy", "at": "tags"}}
}

test_release_without_version_is_denied if {
	found := missing_tags.deny with input as _resource("aws_instance", _everywhere)
	found == {{"msg": "aws_instance.main has no tag Version", "at": "tags"}}
}

test_release_with_version_passes if {
	found := missing_tags.deny with input as _resource("aws_instance", object.union(_everywhere, {"Version": "1.2.0"}))
	found == set()
}

test_network_needs_no_version if {
	found := missing_tags.deny with input as _resource("aws_vpc", _everywhere)
	found == set()
}

test_other_spelling_passes if {
	found := missing_tags.deny with input as _resource("aws_vpc", {"environment": "prod", "managed_by": "terraform"})
	found == set()
}

test_unknown_tags_are_denied_where_they_are_unknown if {
	found := missing_tags.deny with input as _resource("aws_vpc", null)
	found == {{"msg": "aws_vpc.main has no tag Environment, ManagedBy", "at": "tags"}}
}

test_tag_with_unknown_value_passes if {
	found := missing_tags.deny with input as _resource("aws_vpc", {"Environment": null, "ManagedBy": "terraform"})
	found == set()
}

test_type_without_tags_passes if {
	found := missing_tags.deny with input as _resource("aws_route", {})
	found == set()
}

test_data_source_passes if {
	found := missing_tags.deny with input as object.union(_resource("aws_vpc", {}), {"block": "data"})
	found == set()
}
