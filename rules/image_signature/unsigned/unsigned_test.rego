package rules.image_signature.unsigned_test

import data.rules.image_signature.unsigned
import data.testing.image

test_image_without_signature_is_denied if {
	found := unsigned.deny with input as image.facts({"/signatures": []})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no signature",
		"at": "signatures",
	}}
}

test_signature_that_is_not_verified_here_is_named if {
	found := unsigned.deny with input as image.facts({
		"/signatures": [],
		"/other_signatures": [{"format": "notation", "media_type": "application/jose+json"}],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no signature that can be verified here, only one of notation",
		"at": "signatures",
	}}
}

test_signed_image_passes if {
	found := unsigned.deny with input as image.facts({})
	found == set()
}

test_image_whose_signatures_are_unknown_passes if {
	found := unsigned.deny with input as image.facts({"/signatures": null})
	found == set()
}
