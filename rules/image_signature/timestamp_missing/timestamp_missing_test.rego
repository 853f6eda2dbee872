package rules.image_signature.timestamp_missing_test

import data.rules.image_signature.timestamp_missing
import data.testing.image

test_trusted_signature_without_time_stamp_is_denied if {
	found := timestamp_missing.deny with input as image.facts({"/verification/policy/timestamp_required": true})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c is signed without the time stamp that the policy release requires",
		"at": "signatures",
	}}
}

test_time_stamp_passes if {
	found := timestamp_missing.deny with input as image.facts({
		"/verification/policy/timestamp_required": true,
		"/verification/policy/found/timestamped": 1,
	})
	found == set()
}

test_time_stamp_is_not_required if {
	found := timestamp_missing.deny with input as image.facts({})
	found == set()
}

test_missing_signer_is_not_its_business if {
	found := timestamp_missing.deny with input as image.facts({
		"/verification/policy/timestamp_required": true,
		"/verification/policy/found": {"signers": 0, "logged": 0, "timestamped": 0},
	})
	found == set()
}
