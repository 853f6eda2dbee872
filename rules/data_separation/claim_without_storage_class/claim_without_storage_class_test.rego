package rules.data_separation.claim_without_storage_class_test

import data.rules.data_separation.claim_without_storage_class
import data.testing.storage

_claiming(change) := {"name": "db", "claims": [storage.claim(change)]}

test_silence_is_denied if {
	found := claim_without_storage_class.deny with input as _claiming({"storage_class": null})
	found == {{"msg": "a claim of db names no storage class", "at": "spec"}}
}

test_named_class_passes if {
	found := claim_without_storage_class.deny with input as _claiming({})
	found == set()
}

test_no_class_on_purpose_passes if {
	found := claim_without_storage_class.deny with input as _claiming({"storage_class": ""})
	found == set()
}

test_claim_of_one_volume_passes if {
	found := claim_without_storage_class.deny with input as _claiming({"storage_class": null, "names_volume": true})
	found == set()
}
