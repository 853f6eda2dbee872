package rules.pipeline.deployed_unverified_test

import data.rules.pipeline.deployed_unverified
import data.testing.pipeline

_deploy(kind, verify) := pipeline.with_acts([pipeline.act({"kind": kind, "order": {"verify": verify}})])

_denied := {{"msg": "job release deploys without a verified signature", "at": "jobs[release]"}}

test_deployment_without_verification_is_denied if {
	found := deployed_unverified.deny with input as _deploy("deploy", "none")
	found == _denied
}

test_new_image_without_verification_is_denied if {
	found := deployed_unverified.deny with input as _deploy("set_image", "after")
	found == _denied
}

test_verified_deployment_passes if {
	found := deployed_unverified.deny with input as _deploy("deploy", "before")
	found == set()
}

test_what_does_not_deploy_passes if {
	found := deployed_unverified.deny with input as _deploy("build", "none")
	found == set()
}

test_pipeline_with_parts_elsewhere_passes if {
	found := deployed_unverified.deny with input as object.union(_deploy("deploy", "none"), {"complete": false})
	found == set()
}
