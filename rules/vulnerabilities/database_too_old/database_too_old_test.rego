package rules.vulnerabilities.database_too_old_test

import data.rules.vulnerabilities.database_too_old
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"vulnerabilities.database_too_old": params}})

test_old_database_is_denied if {
	found := database_too_old.deny with input as _given(
		{
			"/scan/scanners": [
				{
					"name": "grype",
					"version": "0.120.0",
					"failed": null,
					"database": {"built_at": "2026-11-20T01:00:00Z", "age_days": 0},
				},
				{
					"name": "trivy",
					"version": "0.70.0",
					"failed": null,
					"database": {"built_at": "2026-11-14T06:00:00Z", "age_days": 6},
				},
			],
		},
		{"max_age_days": 5},
	)
	found == {{"msg": "the database of trivy is 6 days old", "at": "scan.scanners[trivy]"}}
}

test_five_days_pass if {
	found := database_too_old.deny with input as _given(
		{
			"/scan/scanners": [
				{
					"name": "trivy",
					"version": "0.70.0",
					"failed": null,
					"database": {"built_at": "2026-11-15T06:00:00Z", "age_days": 5},
				},
			],
		},
		{"max_age_days": 5},
	)
	found == set()
}

test_unknown_age_is_denied if {
	found := database_too_old.deny with input as _given(
		{
			"/scan/scanners": [
				{
					"name": "trivy",
					"version": "0.70.0",
					"failed": null,
					"database": {"built_at": null, "age_days": null},
				},
			],
		},
		{"max_age_days": 5},
	)
	found == {{"msg": "nobody knows how old the database of trivy is", "at": "scan.scanners[trivy]"}}
}

test_unknown_database_is_denied if {
	found := database_too_old.deny with input as _given(
		{
			"/scan/scanners": [{"name": "grype", "version": "0.120.0", "failed": null, "database": null}],
		},
		{"max_age_days": 5},
	)
	found == {{"msg": "nobody knows how old the database of grype is", "at": "scan.scanners[grype]"}}
}

test_scanner_that_failed_is_not_its_business if {
	found := database_too_old.deny with input as _given(
		{
			"/scan/scanners": [
				{"name": "trivy", "version": "0.70.0", "failed": "it has no database", "database": null},
			],
		},
		{"max_age_days": 5},
	)
	found == set()
}

test_image_that_was_not_scanned_passes if {
	found := database_too_old.deny with input as _given({"/scan": null}, {"max_age_days": 5})
	found == set()
}
