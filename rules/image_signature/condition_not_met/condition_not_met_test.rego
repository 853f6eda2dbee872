package rules.image_signature.condition_not_met_test

import data.rules.image_signature.condition_not_met
import data.testing.image

test_condition_that_does_not_hold_is_denied if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {
				"conditions": [{"text": "criticals == 0", "holds": false}, {"text": "scanned", "holds": true}],
			}),
		],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has a scan attestation that does not meet the condition criticals == 0",
		"at": "attestations[https://cosign.sigstore.dev/attestation/vuln/v1].conditions[criticals == 0]",
	}}
}

test_condition_that_holds_passes if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {"conditions": [{"text": "criticals == 0", "holds": true}]}),
		],
	})
	found == set()
}

test_another_attestation_of_the_type_suffices if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {"conditions": [{"text": "criticals == 0", "holds": false}]}),
			image.attestation("scan", {"conditions": [{"text": "criticals == 0", "holds": true}]}),
		],
	})
	found == set()
}

test_condition_that_nobody_could_evaluate_is_no_finding if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {"conditions": [{"text": "criticals == 0", "holds": null}]}),
			image.attestation("scan", {"conditions": [{"text": "criticals == 0", "holds": false}]}),
		],
	})
	found == set()
}

test_condition_that_fails_beside_one_that_nobody_could_evaluate_is_denied if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {
				"conditions": [{"text": "criticals == 0", "holds": false}, {"text": "scanned", "holds": null}],
			}),
		],
	})
	{denied.at | some denied in found} == {"attestations[https://cosign.sigstore.dev/attestation/vuln/v1].conditions[criticals == 0]"}
}

test_without_a_policy_nothing_is_demanded if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {
				"trusted": null,
				"conditions": [{"text": "criticals == 0", "holds": false}],
			}),
		],
	})
	found == set()
}

test_attestation_of_a_stranger_is_passed_over if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {
				"trusted": false,
				"conditions": [{"text": "criticals == 0", "holds": false}],
			}),
		],
	})
	found == set()
}

test_earlier_attestation_is_passed_over if {
	found := condition_not_met.deny with input as image.facts({
		"/attestations": [
			image.attestation("scan", {
				"latest": false,
				"conditions": [{"text": "criticals == 0", "holds": false}],
			}),
		],
	})
	found == set()
}
