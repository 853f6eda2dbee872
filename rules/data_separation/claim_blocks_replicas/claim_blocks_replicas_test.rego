package rules.data_separation.claim_blocks_replicas_test

import data.rules.data_separation.claim_blocks_replicas
import data.testing.storage

_replicated(replicas, modes, type) := object.union(
	storage.database("Deployment", "web", {"volumes": [storage.volume({"access_modes": modes, "type": type})]}),
	{"replicas": replicas},
)

test_replicas_that_share_a_claim_are_denied if {
	found := claim_blocks_replicas.deny with input as _replicated(3, ["ReadWriteOnce"], "claim")
	found == {{"msg": "claim db can be mounted on one node, but has 3 replicas", "at": "spec.template.spec.volumes[data]"}}
}

test_single_replica_passes if {
	found := claim_blocks_replicas.deny with input as _replicated(1, ["ReadWriteOnce"], "claim")
	found == set()
}

test_unknown_number_of_replicas_passes if {
	found := claim_blocks_replicas.deny with input as _replicated(null, ["ReadWriteOnce"], "claim")
	found == set()
}

test_claim_for_many_nodes_passes if {
	found := claim_blocks_replicas.deny with input as _replicated(3, ["ReadWriteMany", "ReadWriteOnce"], "claim")
	found == set()
}

test_claim_that_is_not_known_passes if {
	found := claim_blocks_replicas.deny with input as _replicated(3, [], "claim")
	found == set()
}

test_other_volume_passes if {
	found := claim_blocks_replicas.deny with input as _replicated(3, ["ReadWriteOnce"], "other")
	found == set()
}
