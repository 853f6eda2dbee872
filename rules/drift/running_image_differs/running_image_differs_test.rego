package rules.drift.running_image_differs_test

import data.rules.drift.running_image_differs
import data.testing.live_object

test_other_image_is_denied if {
	found := running_image_differs.deny with input as live_object.facts({"/workload/containers": [{"name": "web", "kind": "main", "at": "containers[web]", "image": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "declared_digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tag": null, "running": [{"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "pods": 2, "example": "web-7d4b9c-x2x4p", "matches": false}, {"digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "pods": 1, "example": "web-7d4b9c-k8j7h", "matches": true}], "read_only_root": true, "restarts": null}]})
	found == {{"msg": "container web runs sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb in 2 Pods, such as web-7d4b9c-x2x4p, and sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa was declared", "at": "containers[web].image"}}
}

test_declared_digest_may_be_unknown if {
	found := running_image_differs.deny with input as live_object.facts({"/workload/containers": [{"name": "web", "kind": "main", "at": "containers[web]", "image": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "declared_digest": null, "tag": null, "running": [{"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "pods": 2, "example": "web-7d4b9c-x2x4p", "matches": false}, {"digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "pods": 1, "example": "web-7d4b9c-k8j7h", "matches": true}], "read_only_root": true, "restarts": null}]})
	found == {{"msg": "container web runs sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb in 2 Pods, such as web-7d4b9c-x2x4p, and something else was declared", "at": "containers[web].image"}}
}

test_declared_image_passes if {
	found := running_image_differs.deny with input as live_object.facts({})
	found == set()
}

test_unknown_passes if {
	found := running_image_differs.deny with input as live_object.facts({"/workload/containers": [{"name": "web", "kind": "main", "at": "containers[web]", "image": "registry.example.com/shop/web:v1.2.0@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "declared_digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tag": null, "running": [{"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "pods": 2, "example": "web-7d4b9c-x2x4p", "matches": null}], "read_only_root": true, "restarts": null}]})
	found == set()
}

test_object_without_pods_passes if {
	found := running_image_differs.deny with input as live_object.facts({"/workload": null})
	found == set()
}
