package rules.data_separation.missing_backup_mark_test

import data.rules.data_separation.missing_backup_mark
import data.testing.storage

_set(change) := object.union(storage.database("StatefulSet", "postgres", {}), object.union(
	{
		"pod": {"annotations": {}},
		"claims": [storage.claim({})],
		"params": {"data_separation.missing_backup_mark": {"marks": ["backup"]}},
	},
	change,
))

test_claim_without_mark_is_denied if {
	found := missing_backup_mark.deny with input as _set({})
	found == {{"msg": "no label or annotation says how the data of web is backed up", "at": "metadata.annotations"}}
}

test_marked_claim_passes if {
	found := missing_backup_mark.deny with input as _set({"claims": [storage.claim({"marks": ["k8up.io/backup"]})]})
	found == set()
}

test_annotation_of_the_pod_passes if {
	found := missing_backup_mark.deny with input as _set({"pod": {"annotations": {"backup.velero.io/backup-volumes": "data"}}})
	found == set()
}

test_label_of_the_pod_passes if {
	found := missing_backup_mark.deny with input as _set({"pod": {"labels": {"backup": "nightly"}}})
	found == set()
}

test_annotation_passes if {
	found := missing_backup_mark.deny with input as _set({"annotations": {"backup": "nightly"}})
	found == set()
}

test_label_passes if {
	found := missing_backup_mark.deny with input as _set({"labels": {"backup": "nightly"}})
	found == set()
}

test_workload_without_claims_passes if {
	found := missing_backup_mark.deny with input as _set({"claims": []})
	found == set()
}
