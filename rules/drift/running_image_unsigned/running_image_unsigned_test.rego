package rules.drift.running_image_unsigned_test

import data.rules.drift.running_image_unsigned
import data.testing.live_object

_why := "by the policy release, 0 signers of the 1 that are required signed it"

test_image_that_nobody_vouches_for_is_denied if {
	found := running_image_unsigned.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"running": [
					{"digest": "sha256:9e1f", "pods": 2, "example": "web-7d4b9c-x2x4p", "signed": false, "unsigned_because": _why},
					{"digest": "sha256:6d0c", "pods": 1, "example": "web-7d4b9c-k8j7h", "signed": true, "unsigned_because": null},
				],
			}),
		],
	})
	found == {{
		"msg": concat("", ["container web runs sha256:9e1f in Pod web-7d4b9c-x2x4p (2 in all), and ", _why]),
		"at": "containers[web].image",
	}}
}

test_signed_image_passes if {
	found := running_image_unsigned.deny with input as live_object.facts({})
	found == set()
}

test_unknown_passes if {
	found := running_image_unsigned.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"running": [
					{"digest": "sha256:9e1f", "pods": 2, "example": "web-7d4b9c-x2x4p", "signed": null, "unsigned_because": null},
				],
			}),
		],
	})
	found == set()
}

test_object_without_pods_passes if {
	found := running_image_unsigned.deny with input as live_object.facts({"/workload": null})
	found == set()
}
