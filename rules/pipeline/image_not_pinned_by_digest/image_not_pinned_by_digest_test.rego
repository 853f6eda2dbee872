package rules.pipeline.image_not_pinned_by_digest_test

import data.rules.pipeline.image_not_pinned_by_digest
import data.testing.pipeline

_uses(image) := pipeline.with_job({"images": [{
	"role": "job",
	"privileged": false,
	"image": pipeline.image(image),
	"at": "jobs[release].images[web]",
}]})

test_version_tag_is_denied if {
	found := image_not_pinned_by_digest.deny with input as _uses({})
	found == {{
		"msg": "job release runs in registry.example.com/web:v1.2.0, which no digest pins",
		"at": "jobs[release].images[web]",
	}}
}

test_digest_passes if {
	found := image_not_pinned_by_digest.deny with input as _uses({"by": "digest"})
	found == set()
}

test_image_in_a_variable_passes if {
	found := image_not_pinned_by_digest.deny with input as _uses({"by": null})
	found == set()
}
