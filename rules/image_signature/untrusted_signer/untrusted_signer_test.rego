package rules.image_signature.untrusted_signer_test

import data.rules.image_signature.untrusted_signer
import data.testing.image

test_image_signed_by_a_stranger_is_denied if {
	found := untrusted_signer.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": true, "why": null, "signer": {"text": "eve@example.org", "key": null, "identity": "eve@example.org", "issuer": "https://accounts.example.org"}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}, {"at": "signatures[release key]", "layout": "legacy", "verified": null, "why": null, "signer": null, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is signed by an unknown key, eve@example.org, whom the policy release does not name", "at": "signatures"}}
}

test_trusted_signature_among_others_passes if {
	found := untrusted_signer.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": true, "why": null, "signer": {"text": "eve@example.org", "key": null, "identity": "eve@example.org", "issuer": "https://accounts.example.org"}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}, {"at": "signatures[release key]", "layout": "legacy", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": true, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == set()
}

test_invalid_signature_is_not_its_business if {
	found := untrusted_signer.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": false, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": false, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}]})
	found == set()
}

test_without_a_policy_nobody_is_a_stranger if {
	found := untrusted_signer.deny with input as image.facts({"/signatures": [{"at": "signatures[release key]", "layout": "legacy", "verified": true, "why": null, "signer": {"text": "release key", "key": "sha256:5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f", "identity": null, "issuer": null}, "trusted": null, "signed_at": "2026-11-02T09:15:00Z", "transparency_log": true}], "/verification/policy": null})
	found == set()
}

test_unsigned_image_is_not_its_business if {
	found := untrusted_signer.deny with input as image.facts({"/signatures": []})
	found == set()
}
