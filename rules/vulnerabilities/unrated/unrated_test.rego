package rules.vulnerabilities.unrated_test

import data.rules.vulnerabilities.unrated
import data.testing.image

test_unrated_vulnerability_is_denied if {
	found := unrated.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "unknown"})],
	})
	found == {{
		"msg": "openssl 3.0.11-1 has CVE-2024-1234, which nobody has rated",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_rated_vulnerability_passes if {
	found := unrated.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "low"})],
	})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := unrated.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "unknown", "open": false})],
	})
	found == set()
}
