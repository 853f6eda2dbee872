package rules.vulnerabilities.high_fixable_test

import data.rules.vulnerabilities.high_fixable
import data.testing.image

test_high_vulnerability_with_a_fix_is_denied if {
	found := high_fixable.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "high", "fixed_version": "3.0.15-1"})],
	})
	found == {{
		"msg": "openssl 3.0.11-1 has CVE-2024-1234, fixed in 3.0.15-1",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_vulnerability_without_fix_passes if {
	found := high_fixable.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "high", "fixed_version": null})],
	})
	found == set()
}

test_other_severity_passes if {
	found := high_fixable.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({"severity": "critical", "fixed_version": "3.0.15-1"}),
		],
	})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := high_fixable.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({"severity": "high", "fixed_version": "3.0.15-1", "open": false}),
		],
	})
	found == set()
}

test_image_that_was_not_scanned_passes if {
	found := high_fixable.deny with input as image.facts({"/scan": null})
	found == set()
}
