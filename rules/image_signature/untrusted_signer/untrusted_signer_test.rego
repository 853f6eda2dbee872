package rules.image_signature.untrusted_signer_test

import data.rules.image_signature.untrusted_signer
import data.testing.image

test_image_signed_by_a_stranger_is_denied if {
	found := untrusted_signer.deny with input as image.facts({
		"/signatures": [
			image.signature({
				"trusted": false,
				"signer": {
					"text": "eve@example.org",
					"key": null,
					"identity": "eve@example.org",
					"issuer": "https://accounts.example.org",
				},
			}),
			image.signature({"trusted": false, "verified": null, "signer": null}),
		],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c is signed by an unknown key, eve@example.org, whom the policy release does not name",
		"at": "signatures",
	}}
}

test_trusted_signature_among_others_passes if {
	found := untrusted_signer.deny with input as image.facts({
		"/signatures": [
			image.signature({
				"trusted": false,
				"signer": {
					"text": "eve@example.org",
					"key": null,
					"identity": "eve@example.org",
					"issuer": "https://accounts.example.org",
				},
			}),
			image.signature({}),
		],
	})
	found == set()
}

test_invalid_signature_is_not_its_business if {
	found := untrusted_signer.deny with input as image.facts({
		"/signatures": [image.signature({"trusted": false, "verified": false})],
	})
	found == set()
}

test_without_a_policy_nobody_is_a_stranger if {
	found := untrusted_signer.deny with input as image.facts({
		"/signatures": [image.signature({"trusted": null})],
		"/verification/policy": null,
	})
	found == set()
}

test_unsigned_image_is_not_its_business if {
	found := untrusted_signer.deny with input as image.facts({"/signatures": []})
	found == set()
}
