package rules.image_signature.attestation_missing_test

import data.rules.image_signature.attestation_missing
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"image_signature.attestation_missing": params}})

test_missing_attestations_are_denied if {
	found := attestation_missing.deny with input as _given({"/attestations": [image.attestation("scan", {})]}, {"types": ["provenance", "test", "scan"]})
	found == {
		{
			"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no provenance attestation that can be trusted",
			"at": "attestations[provenance]",
		},
		{
			"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no test attestation that can be trusted",
			"at": "attestations[test]",
		},
	}
}

test_attestation_by_a_stranger_is_denied if {
	found := attestation_missing.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {}),
				image.attestation("test", {}),
				image.attestation("scan", {"trusted": false}),
			],
		},
		{"types": ["provenance", "test", "scan"]},
	)
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no scan attestation that can be trusted",
		"at": "attestations[scan]",
	}}
}

test_attestation_that_does_not_hold_is_denied if {
	found := attestation_missing.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {}),
				image.attestation("test", {}),
				image.attestation("scan", {"verified": false, "trusted": null}),
			],
		},
		{"types": ["provenance", "test", "scan"]},
	)
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no scan attestation that can be trusted",
		"at": "attestations[scan]",
	}}
}

test_attestations_pass if {
	found := attestation_missing.deny with input as _given({}, {"types": ["provenance", "test", "scan"]})
	found == set()
}

test_without_a_policy_any_attestation_passes if {
	found := attestation_missing.deny with input as _given(
		{
			"/verification/policy": null,
			"/attestations": [
				image.attestation("provenance", {"trusted": null}),
				image.attestation("test", {"trusted": null}),
				image.attestation("scan", {"trusted": null}),
			],
		},
		{"types": ["provenance", "test", "scan"]},
	)
	found == set()
}

test_what_the_policy_requires_is_not_its_business if {
	found := attestation_missing.deny with input as _given(
		{
			"/attestations": [image.attestation("provenance", {}), image.attestation("test", {})],
			"/verification/policy/attestations": [
				{"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan"},
			],
		},
		{"types": ["provenance", "test", "scan"]},
	)
	found == set()
}

test_unknown_attestations_pass if {
	found := attestation_missing.deny with input as _given({"/attestations": null}, {"types": ["provenance", "test", "scan"]})
	found == set()
}

test_nothing_wanted_passes if {
	found := attestation_missing.deny with input as _given({"/attestations": []}, {"types": []})
	found == set()
}
