package rules.data_separation.storage_not_encrypted_test

import data.rules.data_separation.storage_not_encrypted
import data.testing.terraform

_volume(encrypted) := object.union(terraform.resource("aws_instance", {}), {"storage": {"volumes": [{
	"value": encrypted,
	"at": "root_block_device.encrypted",
}]}})

_finding := {{
	"msg": "aws_instance.main stores data without encryption at root_block_device.encrypted",
	"at": "root_block_device.encrypted",
}}

test_unencrypted_disk_is_denied if {
	found := storage_not_encrypted.deny with input as _volume(false)
	found == _finding
}

test_unknown_is_denied_where_it_is_unknown if {
	found := storage_not_encrypted.deny with input as _volume(null)
	found == _finding
}

test_encrypted_disk_passes if {
	found := storage_not_encrypted.deny with input as _volume(true)
	found == set()
}

test_what_stores_nothing_passes if {
	found := storage_not_encrypted.deny with input as terraform.resource("aws_vpc", {})
	found == set()
}
