package rules.image_signature.policies_not_configured_test

import data.rules.image_signature.policies_not_configured
import data.testing.image

test_signed_image_without_any_policy_is_denied if {
	found := policies_not_configured.deny with input as image.facts({"/verification": {"configured": false, "policy": null}})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c is signed, and no verification policy says whose signature counts",
		"at": "verification",
	}}
}

test_configured_policies_pass if {
	found := policies_not_configured.deny with input as image.facts({})
	found == set()
}

test_unsigned_image_is_not_its_business if {
	found := policies_not_configured.deny with input as image.facts({
		"/verification": {"configured": false, "policy": null},
		"/signatures": [],
	})
	found == set()
}
