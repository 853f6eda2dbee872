package rules.pipeline.set_image_by_tag_test

import data.rules.pipeline.set_image_by_tag
import data.testing.pipeline

_set(kind, by) := pipeline.with_acts([pipeline.act({"kind": kind, "image": pipeline.image({"by": by})})])

_denied := {{
	"msg": "job release sets the image registry.example.com/web:v1.2.0 by its tag",
	"at": "jobs[release].script[docker build .]",
}}

test_tag_is_denied if {
	found := set_image_by_tag.deny with input as _set("set_image", "tag")
	found == _denied
}

test_no_tag_is_denied if {
	found := set_image_by_tag.deny with input as _set("set_image", "none")
	found == _denied
}

test_digest_passes if {
	found := set_image_by_tag.deny with input as _set("set_image", "digest")
	found == set()
}

test_image_in_a_variable_passes if {
	found := set_image_by_tag.deny with input as _set("set_image", null)
	found == set()
}

test_building_by_tag_passes if {
	found := set_image_by_tag.deny with input as _set("build", "tag")
	found == set()
}
