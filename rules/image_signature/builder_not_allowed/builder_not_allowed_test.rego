package rules.image_signature.builder_not_allowed_test

import data.rules.image_signature.builder_not_allowed
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"image_signature.builder_not_allowed": params}})

test_builder_that_is_not_allowed_is_denied if {
	found := builder_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://git.example.com/shop-evil/web",
						"source": "https://git.example.com/shop/web",
						"revision": "9fceb02d",
					},
				}),
			],
		},
		{"builders": ["https://ci.example.com/builders"]},
	)
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was built by https://git.example.com/shop-evil/web, which is not allowed",
		"at": "attestations[provenance release key]",
	}}
}

test_unknown_builder_is_denied if {
	found := builder_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": null,
						"source": "https://git.example.com/shop/web",
						"revision": "9fceb02d",
					},
				}),
			],
		},
		{"builders": ["https://ci.example.com/builders"]},
	)
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was built with provenance that names no builder",
		"at": "attestations[provenance release key]",
	}}
}

test_builder_below_an_allowed_start_passes if {
	found := builder_not_allowed.deny with input as _given({}, {"builders": ["https://ci.example.com/builders"]})
	found == set()
}

test_allowed_builder_itself_passes if {
	found := builder_not_allowed.deny with input as _given({}, {
		"builders": ["https://ci.example.com/builders/container"],
	})
	found == set()
}

test_start_ends_at_a_boundary if {
	found := builder_not_allowed.deny with input as _given({"/attestations": [image.attestation("provenance", {})]}, {"builders": ["https://ci.example.com/build"]})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was built by https://ci.example.com/builders/container@v2, which is not allowed",
		"at": "attestations[provenance release key]",
	}}
}

test_empty_list_allows_all if {
	found := builder_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://git.example.com/shop-evil/web",
						"source": "https://git.example.com/shop/web",
						"revision": "9fceb02d",
					},
				}),
			],
		},
		{"builders": []},
	)
	found == set()
}

test_attestation_of_a_stranger_is_passed_over if {
	found := builder_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://git.example.com/shop-evil/web",
						"source": "https://git.example.com/shop/web",
						"revision": "9fceb02d",
					},
					"trusted": false,
				}),
			],
		},
		{"builders": ["https://ci.example.com/builders"]},
	)
	found == set()
}

test_earlier_attestation_is_passed_over if {
	found := builder_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://git.example.com/shop-evil/web",
						"source": "https://git.example.com/shop/web",
						"revision": "9fceb02d",
					},
					"latest": false,
				}),
			],
		},
		{"builders": ["https://ci.example.com/builders"]},
	)
	found == set()
}

test_attestation_without_provenance_is_passed_over if {
	found := builder_not_allowed.deny with input as _given({"/attestations": [image.attestation("test", {})]}, {"builders": ["https://ci.example.com/builders"]})
	found == set()
}
