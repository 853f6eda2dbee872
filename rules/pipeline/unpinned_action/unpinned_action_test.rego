package rules.pipeline.unpinned_action_test

import data.rules.pipeline.unpinned_action
import data.testing.pipeline

_params := {"params": {"pipeline.unpinned_action": {"trusted_owners": ["actions"], "tag_only": ["slsa/build"]}}}

_step(use) := object.union(pipeline.with_step({"uses": use}), _params)

_job(use) := object.union(pipeline.with_job({"uses": use}), _params)

_denied := {{
	"msg": "acme/build@v2 is not pinned by a commit: whoever owns it decides what runs here",
	"at": "jobs[release].steps[Build].uses",
}}

test_action_by_tag_is_denied if {
	found := unpinned_action.deny with input as _step(pipeline.use("acme", "v2", false))
	found == _denied
}

test_reusable_workflow_by_tag_is_denied if {
	found := unpinned_action.deny with input as _job(pipeline.use("acme", "v2", false))
	found == _denied
}

test_commit_passes if {
	found := unpinned_action.deny with input as _step(pipeline.use("acme", "8f4b7f8", true))
	found == set()
}

test_trusted_owner_passes if {
	found := unpinned_action.deny with input as _step(pipeline.use("actions", "v5", false))
	found == set()
}

test_action_that_works_by_tag_only_passes if {
	found := unpinned_action.deny with input as _job(pipeline.use("slsa", "v2.1.0", false))
	found == set()
}

test_local_action_passes if {
	found := unpinned_action.deny with input as _step(object.union(pipeline.use("acme", "v2", false), {"pinned_by_sha": null}))
	found == set()
}
