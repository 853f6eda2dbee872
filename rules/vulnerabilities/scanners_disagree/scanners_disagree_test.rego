package rules.vulnerabilities.scanners_disagree_test

import data.rules.vulnerabilities.scanners_disagree
import data.testing.image

test_what_a_scanner_does_not_see_is_denied_once_for_each_scanner if {
	found := scanners_disagree.deny with input as image.facts({
		"/scan/vulnerabilities": [
			image.vulnerability({"seen_by": ["grype"], "not_seen_by": ["trivy"]}),
			image.vulnerability({
				"id": "CVE-2024-0001",
				"severity": "critical",
				"seen_by": ["trivy"],
				"not_seen_by": ["grype"],
			}),
			image.vulnerability({"id": "CVE-2024-0002", "seen_by": ["trivy"], "not_seen_by": ["grype"]}),
		],
	})
	found == {
		{
			"msg": "grype does not see critical or high vulnerabilities that another scanner sees: CVE-2024-0001, CVE-2024-0002",
			"at": "scan.scanners[grype]",
		},
		{
			"msg": "trivy does not see critical or high vulnerabilities that another scanner sees: CVE-2024-1234",
			"at": "scan.scanners[trivy]",
		},
	}
}

test_ten_are_named if {
	found := scanners_disagree.deny with input as image.facts({"/scan/vulnerabilities": [
	image.vulnerability({"id": concat("", ["CVE-", format_int(1000 + number, 10)]), "not_seen_by": ["grype"]}) |
		some number in numbers.range(1, 11)
	]})
	{denied.at | some denied in found} == {"scan.scanners[grype]"}
	every denied in found {
		contains(denied.msg, "sees: CVE-1001, ")
		endswith(denied.msg, "CVE-1010 and 1 more")
	}
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
