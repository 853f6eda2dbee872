package rules.vulnerabilities.scanners_disagree_test

import data.rules.vulnerabilities.scanners_disagree
import data.testing.image

test_what_one_scanner_alone_sees_is_denied_once if {
	found := scanners_disagree.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype"], "not_seen_by": ["trivy"], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}, {"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-0001", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "critical", "seen_by": ["trivy"], "not_seen_by": ["grype"], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == {{"msg": "scanners disagree about 2 critical or high vulnerabilities, such as CVE-2024-0001", "at": "scan.scanners"}}
}

test_what_both_see_passes if {
	found := scanners_disagree.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == set()
}

test_medium_passes if {
	found := scanners_disagree.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "medium", "seen_by": ["grype", "trivy"], "not_seen_by": ["trivy"], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := scanners_disagree.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": ["trivy"], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": false}]})
	found == set()
}
