package rules.infrastructure.missing_required_version_test

import data.rules.infrastructure.missing_required_version
import data.testing.terraform

test_root_without_version_is_denied if {
	found := missing_required_version.deny with input as terraform.folder({})
	found == {{"msg": "the folder takes any version of Terraform", "at": "required_version"}}
}

test_version_passes if {
	folder := object.union(terraform.folder({}), {"attributes": {"required_version": "~> 1.13"}})
	found := missing_required_version.deny with input as folder
	found == set()
}

test_module_for_others_passes if {
	found := missing_required_version.deny with input as terraform.folder({"is_root": false})
	found == set()
}
