package rules.drift.differs_from_template_test

import data.rules.drift.differs_from_template
import data.testing.live_object

test_changed_pod_is_denied if {
	found := differs_from_template.deny with input as live_object.facts({
		"/workload/differs_from_template": [
			{
				"path": "containers[web].image",
				"template": "\"registry.example.com/shop/web:v1.2.0\"",
				"live": "\"registry.example.com/shop/web:debug\"",
				"pod": "web-7d4b9c-x2x4p",
				"pods": 1,
				"explained_by": null,
			},
		],
	})
	found == {{
		"msg": "containers[web].image of Pod web-7d4b9c-x2x4p is \"registry.example.com/shop/web:debug\", and \"registry.example.com/shop/web:v1.2.0\" in its template",
		"at": "fields[containers[web].image]",
	}}
}

test_added_field_is_denied if {
	found := differs_from_template.deny with input as live_object.facts({
		"/workload/differs_from_template": [
			{
				"path": "containers[web].image",
				"template": null,
				"live": "\"registry.example.com/shop/web:debug\"",
				"pod": "web-7d4b9c-x2x4p",
				"pods": 1,
				"explained_by": null,
			},
		],
	})
	found == {{
		"msg": "containers[web].image of Pod web-7d4b9c-x2x4p is \"registry.example.com/shop/web:debug\", and absent in its template",
		"at": "fields[containers[web].image]",
	}}
}

test_what_admission_adds_passes if {
	found := differs_from_template.deny with input as live_object.facts({
		"/workload/differs_from_template": [
			{
				"path": "containers[web].image",
				"template": "\"registry.example.com/shop/web:v1.2.0\"",
				"live": "\"registry.example.com/shop/web:debug\"",
				"pod": "web-7d4b9c-x2x4p",
				"pods": 1,
				"explained_by": "admission",
			},
		],
	})
	found == set()
}

test_resizing_in_place_passes if {
	found := differs_from_template.deny with input as live_object.facts({
		"/workload/differs_from_template": [
			{
				"path": "containers[web].image",
				"template": "\"registry.example.com/shop/web:v1.2.0\"",
				"live": "\"registry.example.com/shop/web:debug\"",
				"pod": "web-7d4b9c-x2x4p",
				"pods": 1,
				"explained_by": "in_place_resize",
			},
		],
	})
	found == set()
}

test_pods_like_their_template_pass if {
	found := differs_from_template.deny with input as live_object.facts({})
	found == set()
}
