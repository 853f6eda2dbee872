package rules.image_signature.attestation_missing_test

import data.rules.image_signature.attestation_missing
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"image_signature.attestation_missing": params}})

test_missing_attestations_are_denied if {
	found := attestation_missing.deny with input as _given({"/attestations": [{"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]}, {"types": ["provenance", "test", "scan"]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has no provenance attestation that can be trusted", "at": "attestations[provenance]"}, {"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has no test attestation that can be trusted", "at": "attestations[test]"}}
}

test_attestation_by_a_stranger_is_denied if {
	found := attestation_missing.deny with input as _given({"/attestations": [{"at": "attestations[provenance release key]", "predicate_type": "https://slsa.dev/provenance/v1", "type": "provenance", "latest": true, "result": null, "conditions": [], "provenance": {"builder": "https://ci.example.com/builders/container@v2", "source": "https://git.example.com/shop/web", "revision": "9fceb02d"}, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "passed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]}, {"types": ["provenance", "test", "scan"]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has no scan attestation that can be trusted", "at": "attestations[scan]"}}
}

test_attestation_that_does_not_hold_is_denied if {
	found := attestation_missing.deny with input as _given({"/attestations": [{"at": "attestations[provenance release key]", "predicate_type": "https://slsa.dev/provenance/v1", "type": "provenance", "latest": true, "result": null, "conditions": [], "provenance": {"builder": "https://ci.example.com/builders/container@v2", "source": "https://git.example.com/shop/web", "revision": "9fceb02d"}, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "passed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [], "provenance": null, "layout": "bundle", "verified": false, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": null, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]}, {"types": ["provenance", "test", "scan"]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has no scan attestation that can be trusted", "at": "attestations[scan]"}}
}

test_attestations_pass if {
	found := attestation_missing.deny with input as _given({}, {"types": ["provenance", "test", "scan"]})
	found == set()
}

test_without_a_policy_any_attestation_passes if {
	found := attestation_missing.deny with input as _given({"/verification/policy": null, "/attestations": [{"at": "attestations[provenance release key]", "predicate_type": "https://slsa.dev/provenance/v1", "type": "provenance", "latest": true, "result": null, "conditions": [], "provenance": {"builder": "https://ci.example.com/builders/container@v2", "source": "https://git.example.com/shop/web", "revision": "9fceb02d"}, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": null, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "passed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": null, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[scan release key]", "predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan", "latest": true, "result": null, "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": null, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}]}, {"types": ["provenance", "test", "scan"]})
	found == set()
}

test_what_the_policy_requires_is_not_its_business if {
	found := attestation_missing.deny with input as _given({"/attestations": [{"at": "attestations[provenance release key]", "predicate_type": "https://slsa.dev/provenance/v1", "type": "provenance", "latest": true, "result": null, "conditions": [], "provenance": {"builder": "https://ci.example.com/builders/container@v2", "source": "https://git.example.com/shop/web", "revision": "9fceb02d"}, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}, {"at": "attestations[test release key]", "predicate_type": "https://in-toto.io/attestation/test-result/v0.1", "type": "test", "latest": true, "result": "passed", "conditions": [], "provenance": null, "layout": "bundle", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:16:00Z", "transparency_log": true}], "/verification/policy/attestations": [{"predicate_type": "https://cosign.sigstore.dev/attestation/vuln/v1", "type": "scan"}]}, {"types": ["provenance", "test", "scan"]})
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
