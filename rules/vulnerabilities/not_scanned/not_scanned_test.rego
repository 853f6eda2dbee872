package rules.vulnerabilities.not_scanned_test

import data.rules.vulnerabilities.not_scanned
import data.testing.image

test_image_without_scan_is_denied if {
	found := not_scanned.deny with input as image.facts({"/scan": null})
	found == {{"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was not scanned", "at": "scan"}}
}

test_failed_scanners_are_denied if {
	found := not_scanned.deny with input as image.facts({
		"/scan/scanners": [
			{"name": "trivy", "version": "0.70.0", "failed": "it has no database", "database": null},
		],
	})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was scanned by nothing that worked",
		"at": "scan",
	}}
}

test_one_scanner_that_worked_passes if {
	found := not_scanned.deny with input as image.facts({
		"/scan/scanners": [
			{"name": "trivy", "version": "0.70.0", "failed": "it has no database", "database": null},
			{
				"name": "grype",
				"version": "0.120.0",
				"failed": null,
				"database": {"built_at": "2026-11-20T01:00:00Z", "age_days": 0},
			},
		],
	})
	found == set()
}
