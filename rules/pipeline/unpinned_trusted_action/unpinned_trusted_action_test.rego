package rules.pipeline.unpinned_trusted_action_test

import data.rules.pipeline.unpinned_trusted_action
import data.testing.pipeline

_params := {"params": {"pipeline.unpinned_trusted_action": {"trusted_owners": ["actions"]}}}

_step(use) := object.union(pipeline.with_step({"uses": use}), _params)

_job(use) := object.union(pipeline.with_job({"uses": use}), _params)

_denied := {{"msg": "actions/build@v5 is not pinned by a commit", "at": "jobs[release].steps[Build].uses"}}

test_action_by_tag_is_denied if {
	found := unpinned_trusted_action.deny with input as _step(pipeline.use("actions", "v5", false))
	found == _denied
}

test_workflow_by_tag_is_denied if {
	found := unpinned_trusted_action.deny with input as _job(pipeline.use("actions", "v5", false))
	found == _denied
}

test_commit_passes if {
	found := unpinned_trusted_action.deny with input as _step(pipeline.use("actions", "8f4b7f8", true))
	found == set()
}

test_other_owners_are_judged_by_another_rule if {
	found := unpinned_trusted_action.deny with input as _step(pipeline.use("acme", "v2", false))
	found == set()
}
