package rules.infrastructure.image_of_any_owner_test

import data.rules.infrastructure.image_of_any_owner
import data.testing.terraform

_lookup(attributes) := object.union(terraform.resource("aws_ami", attributes), {"block": "data", "address": "data.aws_ami.main"})

_finding := {{"msg": "data.aws_ami.main may find an image of any owner", "at": "owners"}}

test_lookup_without_owner_is_denied if {
	found := image_of_any_owner.deny with input as _lookup({"filter": [{"name": "name", "values": ["app-*"]}]})
	found == _finding
}

test_lookup_with_owner_passes if {
	found := image_of_any_owner.deny with input as _lookup({"owners": ["self"]})
	found == set()
}

test_owner_that_is_not_known_passes if {
	found := image_of_any_owner.deny with input as _lookup({"owners": null})
	found == set()
}

test_filter_by_owner_passes if {
	found := image_of_any_owner.deny with input as _lookup({"filter": [{"name": "owner-id", "values": ["099720109477"]}]})
	found == set()
}

test_image_of_our_own_making_passes if {
	found := image_of_any_owner.deny with input as terraform.resource("aws_ami", {})
	found == set()
}

test_other_lookup_passes if {
	found := image_of_any_owner.deny with input as object.union(_lookup({}), {"type": "aws_vpc"})
	found == set()
}
