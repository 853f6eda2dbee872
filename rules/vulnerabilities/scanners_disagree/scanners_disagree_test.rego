package rules.vulnerabilities.scanners_disagree_test

import data.rules.vulnerabilities.scanners_disagree
import data.testing.image

test_what_one_scanner_alone_sees_is_denied_once if {
	found := scanners_disagree.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({"seen_by": ["grype"], "not_seen_by": ["trivy"]}),
			image.vulnerability({
				"id": "CVE-2024-0001",
				"severity": "critical",
				"seen_by": ["trivy"],
				"not_seen_by": ["grype"],
			}),
		],
	})
	found == {{
		"msg": "scanners disagree about 2 critical or high vulnerabilities, such as CVE-2024-0001",
		"at": "scan.scanners",
	}}
}

test_what_both_see_passes if {
	found := scanners_disagree.deny with input as image.facts({"/scan/vulnerabilities": [image.vulnerability({})]})
	found == set()
}

test_medium_passes if {
	found := scanners_disagree.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"severity": "medium", "not_seen_by": ["trivy"]})],
	})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := scanners_disagree.deny with input as image.facts({
		"/scan/vulnerabilities": [image.vulnerability({"not_seen_by": ["trivy"], "open": false})],
	})
	found == set()
}
