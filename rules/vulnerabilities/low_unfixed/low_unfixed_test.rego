package rules.vulnerabilities.low_unfixed_test

import data.rules.vulnerabilities.low_unfixed
import data.testing.image

test_low_vulnerability_without_fix_is_denied if {
	found := low_unfixed.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": null, "severity": "low", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == {{"msg": "openssl 3.0.11-1 has CVE-2024-1234, for which there is no fix", "at": "vulnerabilities[CVE-2024-1234 openssl]"}}
}

test_vulnerability_with_a_fix_passes if {
	found := low_unfixed.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "low", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == set()
}

test_other_severity_passes if {
	found := low_unfixed.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": null, "severity": "medium", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := low_unfixed.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": null, "severity": "low", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": false}]})
	found == set()
}

test_image_that_was_not_scanned_passes if {
	found := low_unfixed.deny with input as image.facts({"/scan": null})
	found == set()
}
