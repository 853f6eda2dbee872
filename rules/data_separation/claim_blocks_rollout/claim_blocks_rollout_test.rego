package rules.data_separation.claim_blocks_rollout_test

import data.rules.data_separation.claim_blocks_rollout
import data.testing.storage

_rolling(surges, modes, type) := storage.database("Deployment", "web", {
	"surges": surges,
	"volumes": [storage.volume({"access_modes": modes, "type": type})],
})

test_update_that_waits_for_itself_is_denied if {
	found := claim_blocks_rollout.deny with input as _rolling(true, ["ReadWriteOnce"], "claim")
	found == {{"msg": "a rolling update waits for claim db, which the old Pod holds", "at": "spec.strategy"}}
}

test_old_pod_that_stops_first_passes if {
	found := claim_blocks_rollout.deny with input as _rolling(false, ["ReadWriteOnce"], "claim")
	found == set()
}

test_claim_for_many_nodes_passes if {
	found := claim_blocks_rollout.deny with input as _rolling(true, ["ReadWriteMany"], "claim")
	found == set()
}

test_claim_that_is_not_known_passes if {
	found := claim_blocks_rollout.deny with input as _rolling(true, [], "claim")
	found == set()
}

test_other_volume_passes if {
	found := claim_blocks_rollout.deny with input as _rolling(true, ["ReadWriteOnce"], "other")
	found == set()
}
