package rules.data_separation.volumes_deleted_with_claims_test

import data.rules.data_separation.volumes_deleted_with_claims

_kept(kind, policy, driver) := {"kind": kind, "name": "database", "reclaim_policy": policy, "provisioned_by": driver}

test_class_that_deletes_is_denied if {
	found := volumes_deleted_with_claims.deny with input as _kept("StorageClass", "Delete", null)
	found == {{"msg": "volumes of database are deleted with their claims", "at": "reclaimPolicy"}}
}

test_volume_that_goes_is_denied if {
	found := volumes_deleted_with_claims.deny with input as _kept("PersistentVolume", "Delete", null)
	found == {{"msg": "volumes of database are deleted with their claims", "at": "spec.persistentVolumeReclaimPolicy"}}
}

test_class_that_keeps_passes if {
	found := volumes_deleted_with_claims.deny with input as _kept("StorageClass", "Retain", null)
	found == set()
}

test_volume_of_a_driver_is_left_to_its_class if {
	found := volumes_deleted_with_claims.deny with input as _kept("PersistentVolume", "Delete", "ebs.csi.aws.com")
	found == set()
}
