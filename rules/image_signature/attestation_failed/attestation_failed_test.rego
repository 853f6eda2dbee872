package rules.image_signature.attestation_failed_test

import data.rules.image_signature.attestation_failed
import data.testing.image

test_failed_test_is_denied if {
	found := attestation_failed.deny with input as image.facts({"/attestations": [{"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "failed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has a test attestation that says it failed", "at": "attestations[test release key]"}}
}

test_passed_test_passes if {
	found := attestation_failed.deny with input as image.facts({})
	found == set()
}

test_earlier_failure_passes if {
	found := attestation_failed.deny with input as image.facts({"/attestations": [{"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": false, "result": "failed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "passed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}

test_claim_of_a_stranger_passes if {
	found := attestation_failed.deny with input as image.facts({"/attestations": [{"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "failed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}

test_claim_that_does_not_hold_passes if {
	found := attestation_failed.deny with input as image.facts({"/attestations": [{"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "failed", "conditions": [], "provenance": null, "layout": "bundle", "verified": false, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": null, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]})
	found == set()
}
