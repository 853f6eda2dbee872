package rules.image_signature.signature_invalid_test

import data.rules.image_signature.signature_invalid
import data.testing.image

test_signature_that_does_not_hold_is_denied if {
	found := signature_invalid.deny with input as image.facts({
		"/signatures": [
			image.signature({"trusted": false, "verified": false, "why": "it names another digest"}),
		],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has a signature that does not hold: it names another digest",
		"at": "signatures[release key]",
	}}
}

test_reason_may_be_unknown if {
	found := signature_invalid.deny with input as image.facts({
		"/signatures": [image.signature({"trusted": false, "verified": false})],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has a signature that does not hold",
		"at": "signatures[release key]",
	}}
}

test_broken_signature_is_denied_without_a_policy_too if {
	found := signature_invalid.deny with input as image.facts({
		"/verification/policy": null,
		"/signatures": [image.signature({"trusted": null, "verified": false})],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has a signature that does not hold",
		"at": "signatures[release key]",
	}}
}

test_signature_by_an_unknown_key_is_not_its_business if {
	found := signature_invalid.deny with input as image.facts({
		"/signatures": [image.signature({"trusted": false, "verified": null})],
	})
	found == set()
}

test_broken_signature_beside_a_trusted_one_passes if {
	found := signature_invalid.deny with input as image.facts({
		"/signatures": [image.signature({"trusted": false, "verified": false}), image.signature({})],
	})
	found == set()
}
