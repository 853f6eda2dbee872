package rules.image_signature.too_few_signers_test

import data.rules.image_signature.too_few_signers
import data.testing.image

test_one_signer_of_two_is_denied if {
	found := too_few_signers.deny with input as image.facts({"/verification/policy/signers_required": 2})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c is signed by 1 of the 2 signers that the policy release requires",
		"at": "signatures",
	}}
}

test_two_signers_of_two_pass if {
	found := too_few_signers.deny with input as image.facts({
		"/verification/policy/signers_required": 2,
		"/verification/policy/found/signers": 2,
	})
	found == set()
}

test_no_signer_at_all_is_not_its_business if {
	found := too_few_signers.deny with input as image.facts({
		"/verification/policy/signers_required": 2,
		"/verification/policy/found/signers": 0,
	})
	found == set()
}
