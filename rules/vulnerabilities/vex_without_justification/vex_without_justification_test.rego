package rules.vulnerabilities.vex_without_justification_test

import data.rules.vulnerabilities.vex_without_justification
import data.testing.image

test_statement_without_reason_is_denied if {
	found := vex_without_justification.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({
				"open": false,
				"vex": {"status": "not_affected", "justification": null, "author": "security@example.com"},
			}),
		],
	})
	found == {{
		"msg": "CVE-2024-1234 in openssl is said not to affect the image, without a reason",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_empty_reason_is_denied if {
	found := vex_without_justification.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({
				"open": false,
				"vex": {"status": "not_affected", "justification": "", "author": "security@example.com"},
			}),
		],
	})
	found == {{
		"msg": "CVE-2024-1234 in openssl is said not to affect the image, without a reason",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_reason_passes if {
	found := vex_without_justification.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({
				"open": false,
				"vex": {
					"status": "not_affected",
					"justification": "component_not_present",
					"author": "security@example.com",
				},
			}),
		],
	})
	found == set()
}

test_affected_needs_no_reason if {
	found := vex_without_justification.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({
				"vex": {"status": "affected", "justification": null, "author": "security@example.com"},
			}),
		],
	})
	found == set()
}

test_no_statement_passes if {
	found := vex_without_justification.deny with input as image.facts({"/scan/vulnerabilities": [image.vulnerability({})]})
	found == set()
}
