package rules.image_signature.attestation_failed_test

import data.rules.image_signature.attestation_failed
import data.testing.image

test_failed_test_is_denied if {
	found := attestation_failed.deny with input as image.facts({"/attestations": [image.attestation("test", {"result": "failed"})]})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has a test attestation that says it failed",
		"at": "attestations[test release key]",
	}}
}

test_passed_test_passes if {
	found := attestation_failed.deny with input as image.facts({})
	found == set()
}

test_earlier_failure_passes if {
	found := attestation_failed.deny with input as image.facts({
		"/attestations": [
			image.attestation("test", {"result": "failed", "latest": false}),
			image.attestation("test", {}),
		],
	})
	found == set()
}

test_claim_of_a_stranger_passes if {
	found := attestation_failed.deny with input as image.facts({
		"/attestations": [image.attestation("test", {"result": "failed", "trusted": false})],
	})
	found == set()
}

test_claim_that_does_not_hold_passes if {
	found := attestation_failed.deny with input as image.facts({
		"/attestations": [
			image.attestation("test", {"result": "failed", "trusted": null, "verified": false}),
		],
	})
	found == set()
}
