package rules.vulnerabilities.unrated_test

import data.rules.vulnerabilities.unrated
import data.testing.image

test_unrated_vulnerability_is_denied if {
	found := unrated.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "unknown", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == {{"msg": "openssl 3.0.11-1 has CVE-2024-1234, which nobody has rated", "at": "vulnerabilities[CVE-2024-1234 openssl]"}}
}

test_rated_vulnerability_passes if {
	found := unrated.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "low", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := unrated.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "unknown", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": false}]})
	found == set()
}
