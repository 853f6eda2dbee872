package rules.vulnerabilities.critical_unfixed_test

import data.rules.vulnerabilities.critical_unfixed
import data.testing.image

test_critical_vulnerability_without_fix_is_denied if {
	found := critical_unfixed.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "critical", "fixed_version": null})],
	})
	found == {{
		"msg": "openssl 3.0.11-1 has CVE-2024-1234, for which there is no fix",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_vulnerability_with_a_fix_passes if {
	found := critical_unfixed.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({"severity": "critical", "fixed_version": "3.0.15-1"}),
		],
	})
	found == set()
}

test_other_severity_passes if {
	found := critical_unfixed.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "high", "fixed_version": null})],
	})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := critical_unfixed.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({"severity": "critical", "fixed_version": null, "open": false}),
		],
	})
	found == set()
}

test_image_that_was_not_scanned_passes if {
	found := critical_unfixed.deny with input as image.facts({"/scan": null})
	found == set()
}
