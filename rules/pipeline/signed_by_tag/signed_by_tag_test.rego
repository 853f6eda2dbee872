package rules.pipeline.signed_by_tag_test

import data.rules.pipeline.signed_by_tag
import data.testing.pipeline

_sign(image) := pipeline.with_acts([pipeline.act({"kind": "sign", "image": image})])

_denied(text) := {{
	"msg": concat("", ["job release signs ", text, " by its tag, which may have moved"]),
	"at": "jobs[release].script[docker build .]",
}}

test_tag_is_denied if {
	found := signed_by_tag.deny with input as _sign(pipeline.image({}))
	found == _denied("registry.example.com/web:v1.2.0")
}

test_image_without_a_tag_is_denied if {
	found := signed_by_tag.deny with input as _sign(pipeline.image({"by": "none", "text": "registry.example.com/web"}))
	found == _denied("registry.example.com/web")
}

test_digest_passes if {
	found := signed_by_tag.deny with input as _sign(pipeline.image({"by": "digest"}))
	found == set()
}

test_image_in_a_variable_passes if {
	found := signed_by_tag.deny with input as _sign(pipeline.image({"by": null}))
	found == set()
}

test_unknown_image_passes if {
	found := signed_by_tag.deny with input as _sign(null)
	found == set()
}

test_building_by_tag_passes if {
	found := signed_by_tag.deny with input as pipeline.with_acts([pipeline.act({})])
	found == set()
}
