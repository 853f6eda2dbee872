package rules.image_signature.transparency_log_missing_test

import data.rules.image_signature.transparency_log_missing
import data.testing.image

test_trusted_signature_without_entry_is_denied if {
	found := transparency_log_missing.deny with input as image.facts({
		"/verification/policy/log_required": true,
		"/verification/policy/found/logged": 0,
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c is signed without the log entry that the policy release requires",
		"at": "signatures",
	}}
}

test_entry_passes if {
	found := transparency_log_missing.deny with input as image.facts({"/verification/policy/log_required": true})
	found == set()
}

test_entry_is_not_required if {
	found := transparency_log_missing.deny with input as image.facts({"/verification/policy/found/logged": 0})
	found == set()
}

test_missing_signer_is_not_its_business if {
	found := transparency_log_missing.deny with input as image.facts({
		"/verification/policy/log_required": true,
		"/verification/policy/found": {"signers": 0, "logged": 0, "timestamped": 0},
	})
	found == set()
}
