package rules.vulnerabilities.end_of_life_distribution_test

import data.rules.vulnerabilities.end_of_life_distribution
import data.testing.image

test_ended_distribution_is_denied if {
	found := end_of_life_distribution.deny with input as image.facts({
		"/scan/distribution": {
			"name": "debian",
			"version": "10",
			"end_of_life": "2024-06-30",
			"ended": true,
		},
	})
	found == {{"msg": "support of debian 10 has ended on 2024-06-30", "at": "scan.distribution"}}
}

test_day_may_be_unknown if {
	found := end_of_life_distribution.deny with input as image.facts({
		"/scan/distribution": {"name": "debian", "version": "10", "end_of_life": null, "ended": true},
	})
	found == {{"msg": "support of debian 10 has ended", "at": "scan.distribution"}}
}

test_supported_distribution_passes if {
	found := end_of_life_distribution.deny with input as image.facts({})
	found == set()
}

test_unknown_passes if {
	found := end_of_life_distribution.deny with input as image.facts({"/scan/distribution/ended": null})
	found == set()
}

test_image_without_distribution_passes if {
	found := end_of_life_distribution.deny with input as image.facts({"/scan/distribution": null})
	found == set()
}
