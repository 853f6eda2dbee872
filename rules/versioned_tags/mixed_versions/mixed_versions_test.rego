package rules.versioned_tags.mixed_versions_test

import data.rules.versioned_tags.mixed_versions
import data.testing.workload

_container(name, repository, tag) := object.union(workload.container, {
	"name": name,
	"at": concat("", ["containers[", name, "]"]),
	"image": object.union(workload.image, {"name": repository, "tag": tag}),
})

_input(repository, tag) := {"containers": [_container("web", "registry.example.com/web", "v1.3.0"), _container("migrate", repository, tag)]}

test_two_versions_are_denied if {
	found := mixed_versions.deny with input as _input("registry.example.com/web", "v1.2.0")
	found == {{
		"msg": "container web runs v1.3.0 of registry.example.com/web, container migrate runs v1.2.0",
		"at": "containers[web].image",
	}}
}

test_one_version_passes if {
	found := mixed_versions.deny with input as _input("registry.example.com/web", "v1.3.0")
	found == set()
}

test_another_image_passes if {
	found := mixed_versions.deny with input as _input("registry.example.com/migrate", "v1.2.0")
	found == set()
}

test_variant_of_the_version_passes if {
	found := mixed_versions.deny with input as _input("registry.example.com/web", "v1.3.0-debug")
	found == set()
}

test_two_images_of_one_repository_pass if {
	found := mixed_versions.deny with input as _input("registry.example.com/web", "migrate-v1.2.0")
	found == set()
}

test_digest_without_tag_passes if {
	found := mixed_versions.deny with input as _input("registry.example.com/web", null)
	found == set()
}
