package rules.pipeline.deploys_moving_tag_test

import data.rules.pipeline.deploys_moving_tag
import data.testing.pipeline

_params := {"params": {"pipeline.deploys_moving_tag": {"mutable_tags": ["latest"]}}}

_deploy(kind, image) := object.union(pipeline.with_acts([pipeline.act({"kind": kind, "image": image})]), _params)

_latest := pipeline.image({"text": "web:latest", "tag": "latest"})

_denied(text) := {{
	"msg": concat("", ["job release deploys ", text, " by the moving tag latest"]),
	"at": "jobs[release].script[docker build .]",
}}

test_moving_tag_is_denied if {
	found := deploys_moving_tag.deny with input as _deploy("set_image", _latest)
	found == _denied("web:latest")
}

test_no_tag_means_latest if {
	found := deploys_moving_tag.deny with input as _deploy("deploy", pipeline.image({"text": "web", "tag": null, "by": "none"}))
	found == _denied("web")
}

test_version_passes if {
	found := deploys_moving_tag.deny with input as _deploy("set_image", pipeline.image({}))
	found == set()
}

test_unknown_image_passes if {
	found := deploys_moving_tag.deny with input as _deploy("deploy", null)
	found == set()
}

test_publishing_latest_passes if {
	found := deploys_moving_tag.deny with input as _deploy("publish", _latest)
	found == set()
}
