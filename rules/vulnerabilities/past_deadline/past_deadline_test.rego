package rules.vulnerabilities.past_deadline_test

import data.rules.vulnerabilities.past_deadline
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"vulnerabilities.past_deadline": params}})

test_vulnerability_past_its_deadline_is_denied if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 31, "vex": null, "open": true}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == {{"msg": "openssl 3.0.11-1 has had CVE-2024-1234 for 31 days, and high ones have 30", "at": "vulnerabilities[CVE-2024-1234 openssl]"}}
}

test_last_day_passes if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 90, "fix_age_days": 30, "vex": null, "open": true}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == set()
}

test_age_counts_where_nobody_knows_when_it_was_fixed if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "critical", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 16, "fix_age_days": null, "vex": null, "open": true}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == {{"msg": "openssl 3.0.11-1 has had CVE-2024-1234 for 16 days, and critical ones have 15", "at": "vulnerabilities[CVE-2024-1234 openssl]"}}
}

test_unknown_age_passes if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": null, "fix_age_days": null, "vex": null, "open": true}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == set()
}

test_vulnerability_without_fix_passes if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": null, "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 31, "vex": null, "open": true}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == set()
}

test_unrated_vulnerability_has_no_deadline if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "unknown", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 3100, "vex": null, "open": true}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := past_deadline.deny with input as _given({"/scan/vulnerabilities": [{"at": "vulnerabilities[CVE-2024-1234 openssl]", "id": "CVE-2024-1234", "aliases": [], "package": "openssl", "version": "3.0.11-1", "ecosystem": "deb", "fixed_version": "3.0.15-1", "severity": "high", "seen_by": ["grype", "trivy"], "not_seen_by": [], "known_exploited": false, "age_days": 3, "fix_age_days": 31, "vex": null, "open": false}]}, {"critical_days": 15, "high_days": 30, "medium_days": 90, "low_days": 180})
	found == set()
}
