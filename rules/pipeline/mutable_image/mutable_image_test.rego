package rules.pipeline.mutable_image_test

import data.rules.pipeline.mutable_image
import data.testing.pipeline

_uses(image) := pipeline.with_job({"images": [{
	"role": "job",
	"privileged": false,
	"image": pipeline.image(image),
	"at": "jobs[release].images[web]",
}]})

_params := {"params": {"pipeline.mutable_image": {"mutable_tags": ["latest", "edge"]}}}

_file(image) := object.union(_uses(image), _params)

test_moving_tag_is_denied if {
	found := mutable_image.deny with input as _file({"tag": "edge", "text": "web:edge"})
	found == {{
		"msg": "job release runs in web:edge, by the moving tag edge",
		"at": "jobs[release].images[web]",
	}}
}

test_no_tag_means_latest if {
	found := mutable_image.deny with input as _file({"tag": null, "by": "none", "text": "web"})
	found == {{
		"msg": "job release runs in web, by the moving tag latest",
		"at": "jobs[release].images[web]",
	}}
}

test_version_passes if {
	found := mutable_image.deny with input as _file({})
	found == set()
}

test_tag_in_a_variable_passes if {
	found := mutable_image.deny with input as _file({"tag": null})
	found == set()
}

test_digest_makes_the_tag_moot if {
	found := mutable_image.deny with input as _file({"tag": "edge", "by": "digest"})
	found == set()
}
