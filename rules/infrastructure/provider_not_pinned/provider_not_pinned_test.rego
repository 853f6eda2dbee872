package rules.infrastructure.provider_not_pinned_test

import data.rules.infrastructure.provider_not_pinned
import data.testing.terraform

_folder(provider) := object.union(terraform.block("terraform", "terraform"), {"providers": [object.union(
	{
		"name": "aws",
		"source": "hashicorp/aws",
		"constraint": ">= 5.0",
		"bounded": false,
		"locked": null,
		"at": "required_providers.aws",
		"reusable": false,
	},
	provider,
)]})

test_no_constraint_is_denied if {
	found := provider_not_pinned.deny with input as _folder({"constraint": null})
	found == {{"msg": "provider aws has no version constraint and no locked version", "at": "required_providers.aws"}}
}

test_open_constraint_is_denied if {
	found := provider_not_pinned.deny with input as _folder({})
	found == {{"msg": "provider aws may be any later version (>= 5.0)", "at": "required_providers.aws"}}
}

test_bounded_constraint_passes if {
	found := provider_not_pinned.deny with input as _folder({"constraint": "~> 5.0", "bounded": true})
	found == set()
}

test_locked_version_passes if {
	found := provider_not_pinned.deny with input as _folder({"locked": "5.1.0"})
	found == set()
}

test_locked_version_needs_no_constraint if {
	found := provider_not_pinned.deny with input as _folder({"locked": "5.1.0", "constraint": null})
	found == set()
}

test_open_constraint_of_a_module_passes if {
	found := provider_not_pinned.deny with input as _folder({"reusable": true})
	found == set()
}

test_block_that_tells_nothing_of_providers_passes if {
	found := provider_not_pinned.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
