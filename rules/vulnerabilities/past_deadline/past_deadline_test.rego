package rules.vulnerabilities.past_deadline_test

import data.rules.vulnerabilities.past_deadline
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"vulnerabilities.past_deadline": params}})

test_vulnerability_past_its_deadline_is_denied if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [image.vulnerability({"fix_age_days": 31})],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == {{
		"msg": "openssl 3.0.11-1 has had CVE-2024-1234 for 31 days, and high ones have 30",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_last_day_passes if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [image.vulnerability({"fix_age_days": 30, "age_days": 90})],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == set()
}

test_age_counts_where_nobody_knows_when_it_was_fixed if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [
				image.vulnerability({"fix_age_days": null, "age_days": 16, "severity": "critical"}),
			],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == {{
		"msg": "openssl 3.0.11-1 has had CVE-2024-1234 for 16 days, and critical ones have 15",
		"at": "vulnerabilities[CVE-2024-1234 openssl]",
	}}
}

test_unknown_age_passes if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [image.vulnerability({"fix_age_days": null, "age_days": null})],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == set()
}

test_vulnerability_without_fix_passes if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [image.vulnerability({"fix_age_days": 31, "fixed_version": null})],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == set()
}

test_unrated_vulnerability_has_no_deadline if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [image.vulnerability({"fix_age_days": 3100, "severity": "unknown"})],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == set()
}

test_vulnerability_that_vex_closes_passes if {
	found := past_deadline.deny with input as _given(
		{
			"/scan/vulnerabilities": [image.vulnerability({"fix_age_days": 31, "open": false})],
		},
		{
			"critical_days": 15,
			"high_days": 30,
			"medium_days": 90,
			"low_days": 180,
		},
	)
	found == set()
}
