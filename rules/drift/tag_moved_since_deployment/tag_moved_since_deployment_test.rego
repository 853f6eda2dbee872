package rules.drift.tag_moved_since_deployment_test

import data.rules.drift.tag_moved_since_deployment
import data.testing.live_object

test_moved_tag_is_denied if {
	found := tag_moved_since_deployment.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"image": "registry.example.com/shop/web:v1.2.0",
				"declared_digest": null,
				"tag": {"name": "v1.2.0", "resolves_to": "sha256:9e1f", "moved": true},
				"running": [
					{"digest": "sha256:6d0c", "pods": 3, "example": "web-7d4b9c-x2x4p", "matches": null},
				],
			}),
		],
	})
	found == {{
		"msg": "container web runs an image that registry.example.com/shop/web:v1.2.0 does not name any more",
		"at": "containers[web].image",
	}}
}

test_unmoved_tag_passes if {
	found := tag_moved_since_deployment.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"image": "registry.example.com/shop/web:v1.2.0",
				"declared_digest": null,
				"tag": {"name": "v1.2.0", "resolves_to": "sha256:6d0c", "moved": false},
				"running": [
					{"digest": "sha256:6d0c", "pods": 3, "example": "web-7d4b9c-x2x4p", "matches": null},
				],
			}),
		],
	})
	found == set()
}

test_unknown_passes if {
	found := tag_moved_since_deployment.deny with input as live_object.facts({
		"/workload/containers": [
			live_object.container({
				"image": "registry.example.com/shop/web:v1.2.0",
				"declared_digest": null,
				"tag": {"name": "v1.2.0", "resolves_to": null, "moved": null},
				"running": [
					{"digest": "sha256:6d0c", "pods": 3, "example": "web-7d4b9c-x2x4p", "matches": null},
				],
			}),
		],
	})
	found == set()
}

test_digest_passes if {
	found := tag_moved_since_deployment.deny with input as live_object.facts({})
	found == set()
}

test_object_without_pods_passes if {
	found := tag_moved_since_deployment.deny with input as live_object.facts({"/workload": null})
	found == set()
}
