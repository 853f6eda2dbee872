package rules.availability.no_rollback_test

import data.rules.availability.no_rollback
import data.testing.availability

test_no_history_is_denied if {
	found := no_rollback.deny with input as availability.deployment({"rollout": {"revision_history_limit": 0}})
	found == {{"msg": "keeps no earlier revision to roll back to", "at": "spec.revisionHistoryLimit"}}
}

test_some_history_passes if {
	found := no_rollback.deny with input as availability.deployment({"rollout": {"revision_history_limit": 1}})
	found == set()
}

test_the_default_passes if {
	found := no_rollback.deny with input as availability.deployment({})
	found == set()
}

test_other_kinds_pass if {
	found := no_rollback.deny with input as availability.deployment({"kind": "ReplicaSet", "rollout": {"revision_history_limit": 0}})
	found == set()
}
