package rules.availability.updated_on_delete_only_test

import data.rules.availability.updated_on_delete_only
import data.testing.availability

test_on_delete_is_denied if {
	found := updated_on_delete_only.deny with input as availability.deployment({"rollout": {"strategy": "OnDelete", "at": "spec.updateStrategy"}})
	found == {{"msg": "replaces no Pod until somebody deletes it", "at": "spec.updateStrategy.type"}}
}

test_a_rolling_update_passes if {
	found := updated_on_delete_only.deny with input as availability.deployment({})
	found == set()
}
