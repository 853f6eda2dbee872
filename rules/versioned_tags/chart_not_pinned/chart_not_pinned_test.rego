package rules.versioned_tags.chart_not_pinned_test

import data.rules.versioned_tags.chart_not_pinned

_flux(spec) := {"kind": "HelmRelease", "object": {"spec": {"chart": {"spec": spec}}}}

_argo(source) := {"kind": "Application", "object": {"spec": {"source": source}}}

_denied(version, at) := {{"msg": concat("", ["chart redis comes in version ", version, ", which is a range"]), "at": at}}

test_range_is_denied if {
	found := chart_not_pinned.deny with input as _flux({"chart": "redis", "version": ">=18.0.0"})
	found == _denied(">=18.0.0", "spec.chart.spec")
}

test_missing_version_is_denied if {
	found := chart_not_pinned.deny with input as _flux({"chart": "redis"})
	found == _denied("*", "spec.chart.spec")
}

test_range_in_an_application_is_denied if {
	found := chart_not_pinned.deny with input as _argo({"chart": "redis", "targetRevision": "18.*"})
	found == _denied("18.*", "spec.source")
}

test_exact_version_passes if {
	found := chart_not_pinned.deny with input as _flux({"chart": "redis", "version": "18.6.1"})
	found == set()
}

test_application_of_a_repository_passes if {
	found := chart_not_pinned.deny with input as _argo({"path": "deploy", "targetRevision": "HEAD"})
	found == set()
}

test_other_kind_passes if {
	found := chart_not_pinned.deny with input as object.union(_flux({"chart": "redis"}), {"kind": "Config"})
	found == set()
}
