package rules.infrastructure.missing_lock_file_test

import data.rules.infrastructure.missing_lock_file
import data.testing.terraform

_folder(changes) := object.union(terraform.folder(changes), {"providers": [{"name": "aws"}]})

test_root_without_lock_file_is_denied if {
	found := missing_lock_file.deny with input as _folder({"has_lock_file": false})
	found == {{"msg": "the folder has no .terraform.lock.hcl", "at": "required_providers"}}
}

test_lock_file_passes if {
	found := missing_lock_file.deny with input as _folder({})
	found == set()
}

test_module_for_others_passes if {
	found := missing_lock_file.deny with input as _folder({"is_root": false, "has_lock_file": false})
	found == set()
}

test_folder_without_providers_passes if {
	found := missing_lock_file.deny with input as terraform.folder({"has_lock_file": false})
	found == set()
}

test_other_block_passes if {
	found := missing_lock_file.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
