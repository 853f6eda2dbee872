package rules.drift.running_image_differs_test

import data.rules.drift.running_image_differs
import data.testing.live_object

test_other_image_is_denied if {
	found := running_image_differs.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"running": [
					{"digest": "sha256:9e1f", "pods": 2, "example": "web-7d4b9c-x2x4p", "matches": false},
					{"digest": "sha256:6d0c", "pods": 1, "example": "web-7d4b9c-k8j7h", "matches": true},
				],
			}),
		],
	})
	found == {{
		"msg": "container web runs sha256:9e1f in Pod web-7d4b9c-x2x4p (2 in all), and sha256:6d0c was declared",
		"at": "containers[web].image",
	}}
}

test_declared_digest_may_be_unknown if {
	found := running_image_differs.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"running": [
					{"digest": "sha256:9e1f", "pods": 2, "example": "web-7d4b9c-x2x4p", "matches": false},
					{"digest": "sha256:6d0c", "pods": 1, "example": "web-7d4b9c-k8j7h", "matches": true},
				],
				"declared_digest": null,
			}),
		],
	})
	found == {{
		"msg": "container web runs sha256:9e1f in Pod web-7d4b9c-x2x4p (2 in all), and something else was declared",
		"at": "containers[web].image",
	}}
}

test_declared_image_passes if {
	found := running_image_differs.deny with input as live_object.facts({})
	found == set()
}

test_unknown_passes if {
	found := running_image_differs.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"running": [
					{"digest": "sha256:9e1f", "pods": 2, "example": "web-7d4b9c-x2x4p", "matches": null},
				],
			}),
		],
	})
	found == set()
}

test_object_without_pods_passes if {
	found := running_image_differs.deny with input as live_object.facts({"/workload": null})
	found == set()
}
