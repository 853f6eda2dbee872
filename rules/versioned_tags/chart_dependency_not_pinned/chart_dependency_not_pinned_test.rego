package rules.versioned_tags.chart_dependency_not_pinned_test

import data.rules.versioned_tags.chart_dependency_not_pinned

_dependency := {"name": "redis", "version": "^18.0.0", "local": false, "exact": false, "at": "dependencies[redis]"}

_input(changes) := {"locked": false, "dependencies": [object.union(_dependency, changes)]}

_denied(words) := {{
	"msg": concat("", ["chart ", words, ", and no Chart.lock fixes one"]),
	"at": "dependencies[redis]",
}}

test_range_is_denied if {
	found := chart_dependency_not_pinned.deny with input as _input({})
	found == _denied("redis comes in version ^18.0.0, which is a range")
}

test_missing_version_is_denied if {
	found := chart_dependency_not_pinned.deny with input as _input({"version": null})
	found == _denied("redis comes in any version")
}

test_dependency_without_a_name_is_denied if {
	found := chart_dependency_not_pinned.deny with input as _input({"name": null})
	found == _denied("without a name comes in version ^18.0.0, which is a range")
}

test_exact_version_passes if {
	found := chart_dependency_not_pinned.deny with input as _input({"version": "18.6.1", "exact": true})
	found == set()
}

test_chart_of_the_same_repository_passes if {
	found := chart_dependency_not_pinned.deny with input as _input({"local": true})
	found == set()
}

test_locked_chart_passes if {
	found := chart_dependency_not_pinned.deny with input as object.union(_input({}), {"locked": true})
	found == set()
}
