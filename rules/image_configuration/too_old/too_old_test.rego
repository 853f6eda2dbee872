package rules.image_configuration.too_old_test

import data.rules.image_configuration.too_old
import data.testing.image

_facts(age) := object.union(
	image.facts({"/config/age_days": age}),
	{"params": {"image_configuration.too_old": {"days": 180}}},
)

test_old_image_is_denied if {
	found := too_old.deny with input as _facts(181)
	found == {{"msg": "the image was built 181 days ago", "at": "config.created"}}
}

test_image_at_the_limit_passes if {
	found := too_old.deny with input as _facts(180)
	found == set()
}

test_image_without_a_date_passes if {
	found := too_old.deny with input as _facts(null)
	found == set()
}
