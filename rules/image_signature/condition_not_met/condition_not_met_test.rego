package rules.image_signature.condition_not_met_test

import data.rules.image_signature.condition_not_met
import data.testing.image

test_condition_that_does_not_hold_is_denied if {
	found := condition_not_met.deny with input as image.facts({"/attestations": [{"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [{"text": "criticals == 0", "holds": false}, {"text": "scanned", "holds": true}], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has a scan attestation that does not meet the condition criticals == 0", "at": "attestations[https://cosign.sigstore.dev/attestation/vuln/v1].conditions[criticals == 0]"}}
}

test_condition_that_holds_passes if {
	found := condition_not_met.deny with input as image.facts({"/attestations": [{"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [{"text": "criticals == 0", "holds": true}], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}

test_another_attestation_of_the_type_suffices if {
	found := condition_not_met.deny with input as image.facts({"/attestations": [{"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [{"text": "criticals == 0", "holds": false}], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [{"text": "criticals == 0", "holds": true}], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}

test_attestation_of_a_stranger_is_passed_over if {
	found := condition_not_met.deny with input as image.facts({"/attestations": [{"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [{"text": "criticals == 0", "holds": false}], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}

test_earlier_attestation_is_passed_over if {
	found := condition_not_met.deny with input as image.facts({"/attestations": [{"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": false, "result": null, "conditions": [{"text": "criticals == 0", "holds": false}], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}
