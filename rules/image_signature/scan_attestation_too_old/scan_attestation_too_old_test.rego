package rules.image_signature.scan_attestation_too_old_test

import data.rules.image_signature.scan_attestation_too_old
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"image_signature.scan_attestation_too_old": params}})

test_old_scan_is_denied if {
	found := scan_attestation_too_old.deny with input as _given({"/attestations": [image.attestation("scan", {"age_days": 31})]}, {"max_age_days": 30})
	found == {{
		"msg": "the attested scan of registry.example.com/shop/web:v1.2.0@sha256:6d0c is 31 days old",
		"at": "attestations[scan release key]",
	}}
}

test_last_day_passes if {
	found := scan_attestation_too_old.deny with input as _given({"/attestations": [image.attestation("scan", {"age_days": 30})]}, {"max_age_days": 30})
	found == set()
}

test_unknown_day_is_denied if {
	found := scan_attestation_too_old.deny with input as _given({"/attestations": [image.attestation("scan", {"age_days": null})]}, {"max_age_days": 30})
	found == {{
		"msg": "the attested scan of registry.example.com/shop/web:v1.2.0@sha256:6d0c does not tell when it was made",
		"at": "attestations[scan release key]",
	}}
}

test_attestation_of_something_else_passes if {
	found := scan_attestation_too_old.deny with input as _given({"/attestations": [image.attestation("test", {"age_days": 31})]}, {"max_age_days": 30})
	found == set()
}

test_attestation_of_a_stranger_is_passed_over if {
	found := scan_attestation_too_old.deny with input as _given(
		{
			"/attestations": [image.attestation("scan", {"age_days": 31, "trusted": false})],
		},
		{"max_age_days": 30},
	)
	found == set()
}

test_attestation_that_does_not_hold_is_passed_over if {
	found := scan_attestation_too_old.deny with input as _given(
		{
			"/attestations": [image.attestation("scan", {"age_days": 31, "trusted": null, "verified": false})],
		},
		{"max_age_days": 30},
	)
	found == set()
}

test_earlier_attestation_is_passed_over if {
	found := scan_attestation_too_old.deny with input as _given(
		{
			"/attestations": [image.attestation("scan", {"age_days": 31, "latest": false})],
		},
		{"max_age_days": 30},
	)
	found == set()
}
