package rules.image_signature.policy_missing_test

import data.rules.image_signature.policy_missing
import data.testing.image

test_image_without_policy_is_denied if {
	found := policy_missing.deny with input as image.facts({"/verification/policy": null})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c is covered by no verification policy",
		"at": "verification",
	}}
}

test_image_with_policy_passes if {
	found := policy_missing.deny with input as image.facts({})
	found == set()
}

test_nothing_is_missing_where_none_is_configured if {
	found := policy_missing.deny with input as image.facts({"/verification": {"configured": false, "policy": null}})
	found == set()
}

test_archive_passes if {
	found := policy_missing.deny with input as image.facts({"/verification/policy": null, "/signatures": null})
	found == set()
}
