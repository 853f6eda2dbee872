package rules.image_signature.signature_invalid_test

import data.rules.image_signature.signature_invalid
import data.testing.image

test_signature_that_does_not_hold_is_denied if {
	found := signature_invalid.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": false, "why": "it names another digest", "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has a signature that does not hold: it names another digest", "at": "signatures[release key]"}}
}

test_reason_may_be_unknown if {
	found := signature_invalid.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": false, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa has a signature that does not hold", "at": "signatures[release key]"}}
}

test_signature_by_an_unknown_key_is_not_its_business if {
	found := signature_invalid.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": null, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == set()
}

test_broken_signature_beside_a_trusted_one_passes if {
	found := signature_invalid.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": false, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}, {"at": "signatures[release key]", "layout": "legacy", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == set()
}
