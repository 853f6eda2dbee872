# METADATA
# title: Volumes outlive their claims
# description: >-
#   With the reclaim policy Delete, which is the default of a storage class, deleting a claim or its namespace deletes
#   the disk at once. For caches that is right; for data, Retain leaves a way back. Volumes that a driver made are
#   judged by their class.
# schemas:
#   - input: schema.storage_class
# custom:
#   severity: info
#   applies_to: [storage_class, persistent_volume]
#   owner: operations
#   remediation: |
#     Use a class that keeps volumes for what must not be lost:
#     ```yaml
#     kind: StorageClass
#     reclaimPolicy: Retain
#     ```
#   frameworks: {nist_800_53: ["CP-9"]}
#   aliases: []
package rules.data_separation.volumes_deleted_with_claims

deny contains {"msg": msg, "at": _places[input.kind]} if {
	input.reclaim_policy == "Delete"
	not _made_by_a_driver
	msg := concat("", ["volumes of ", input.name, " are deleted with their claims"])
}

_made_by_a_driver if {
	input.kind == "PersistentVolume"
	object.get(input, "provisioned_by", null) != null
}

_places := {"StorageClass": "reclaimPolicy", "PersistentVolume": "spec.persistentVolumeReclaimPolicy"}
