package rules.image_signature.required_attestation_missing_test

import data.rules.image_signature.required_attestation_missing
import data.testing.image

test_missing_attestation_is_denied if {
	found := required_attestation_missing.deny with input as image.facts({
		"/attestations": [],
		"/verification/policy/attestations": [
			{"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan"},
		],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no trusted attestation for scan of type https://cosign.sigstore.dev/attestation/vuln/v1, which the policy release requires",
		"at": "attestations[https://cosign.sigstore.dev/attestation/vuln/v1]",
	}}
}

test_attestation_by_a_stranger_is_denied if {
	found := required_attestation_missing.deny with input as image.facts({
		"/attestations": [image.attestation("scan", {"trusted": false})],
		"/verification/policy/attestations": [
			{"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan"},
		],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no trusted attestation for scan of type https://cosign.sigstore.dev/attestation/vuln/v1, which the policy release requires",
		"at": "attestations[https://cosign.sigstore.dev/attestation/vuln/v1]",
	}}
}

test_trusted_attestation_passes if {
	found := required_attestation_missing.deny with input as image.facts({
		"/verification/policy/attestations": [
			{"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan"},
		],
	})
	found == set()
}

test_without_a_policy_nothing_is_required if {
	found := required_attestation_missing.deny with input as image.facts({"/attestations": [], "/verification/policy": null})
	found == set()
}
