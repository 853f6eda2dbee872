package rules.data_separation.claims_deleted_with_workload_test

import data.rules.data_separation.claims_deleted_with_workload
import data.testing.storage

_set(when, claims) := object.union(
	storage.database("StatefulSet", "postgres", {"claims_deleted": when}),
	{"claims": claims},
)

test_claims_that_go_with_the_set_are_denied if {
	found := claims_deleted_with_workload.deny with input as _set(["whenDeleted"], [storage.claim({})])
	found == {{"msg": "claims of web are deleted with it", "at": "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"}}
}

test_claims_that_go_when_it_shrinks_are_denied if {
	found := claims_deleted_with_workload.deny with input as _set(["whenScaled"], [storage.claim({})])
	found == {{"msg": "claims of web are deleted when it is scaled down", "at": "spec.persistentVolumeClaimRetentionPolicy.whenScaled"}}
}

test_claims_that_stay_pass if {
	found := claims_deleted_with_workload.deny with input as _set([], [storage.claim({})])
	found == set()
}

test_set_without_claims_passes if {
	found := claims_deleted_with_workload.deny with input as _set(["whenDeleted"], [])
	found == set()
}
