package rules.drift.unmanaged_test

import data.rules.drift.unmanaged
import data.testing.live_object

test_object_that_nobody_declares_is_denied if {
	found := unmanaged.deny with input as live_object.facts({"/presence": "unmanaged", "/declared": null})
	found == {{
		"msg": "Deployment web is declared nowhere, and has been there for 263 days",
		"at": "metadata.name",
	}}
}

test_age_may_be_unknown if {
	found := unmanaged.deny with input as live_object.facts({"/presence": "unmanaged", "/age_days": null})
	found == {{"msg": "Deployment web is declared nowhere", "at": "metadata.name"}}
}

test_object_of_a_controller_passes if {
	found := unmanaged.deny with input as live_object.facts({
		"/presence": "unmanaged",
		"/owner": {"api_version": "apps/v1", "kind": "Deployment", "name": "shop"},
	})
	found == set()
}

test_declared_object_passes if {
	found := unmanaged.deny with input as live_object.facts({})
	found == set()
}

test_ignored_object_passes if {
	found := unmanaged.deny with input as live_object.facts({"/presence": "ignored", "/declared": null})
	found == set()
}
