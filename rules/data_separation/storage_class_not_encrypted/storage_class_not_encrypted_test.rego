package rules.data_separation.storage_class_not_encrypted_test

import data.rules.data_separation.storage_class_not_encrypted

_class(provisioner, parameters) := {"name": "database", "provisioner": provisioner, "parameters": parameters}

test_switched_off_encryption_is_denied if {
	found := storage_class_not_encrypted.deny with input as _class("ebs.csi.aws.com", {"encrypted": "false"})
	found == {{"msg": "storage class database stores its data without encryption", "at": "parameters.encrypted"}}
}

test_encryption_passes if {
	found := storage_class_not_encrypted.deny with input as _class("ebs.csi.aws.com", {"encrypted": "true"})
	found == set()
}

test_default_of_the_account_passes if {
	found := storage_class_not_encrypted.deny with input as _class("ebs.csi.aws.com", {})
	found == set()
}

test_other_provisioner_passes if {
	found := storage_class_not_encrypted.deny with input as _class("example.com/disks", {"encrypted": "false"})
	found == set()
}
