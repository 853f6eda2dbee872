package rules.vulnerabilities.vex_without_justification_test

import data.rules.vulnerabilities.vex_without_justification
import data.testing.image

test_statement_without_reason_is_denied if {
	found := vex_without_justification.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": {"status": "not_affected", "justification": null, "author": "security@example.com"}, "open": false}]})
	found == {{"msg": "CVE-2024-1234 in openssl is said not to affect the image, without a reason", "at": "vulnerabilities[CVE-2024-1234 openssl]"}}
}

test_empty_reason_is_denied if {
	found := vex_without_justification.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": {"status": "not_affected", "justification": "", "author": "security@example.com"}, "open": false}]})
	found == {{"msg": "CVE-2024-1234 in openssl is said not to affect the image, without a reason", "at": "vulnerabilities[CVE-2024-1234 openssl]"}}
}

test_reason_passes if {
	found := vex_without_justification.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": {"status": "not_affected", "justification": "component_not_present", "author": "security@example.com"}, "open": false}]})
	found == set()
}

test_affected_needs_no_reason if {
	found := vex_without_justification.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": {"status": "affected", "justification": null, "author": "security@example.com"}, "open": true}]})
	found == set()
}

test_no_statement_passes if {
	found := vex_without_justification.deny with input as image.facts({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 2, "vex": null, "open": true}]})
	found == set()
}
