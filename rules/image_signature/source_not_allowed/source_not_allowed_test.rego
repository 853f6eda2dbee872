package rules.image_signature.source_not_allowed_test

import data.rules.image_signature.source_not_allowed
import data.testing.image

_given(changes, params) := object.union(image.facts(changes), {"params": {"image_signature.source_not_allowed": params}})

test_source_that_is_not_allowed_is_denied if {
	found := source_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://ci.example.com/builders/container@v2",
						"source": "https://git.example.com/shop-evil/web",
						"revision": "9fceb02d",
					},
				}),
			],
		},
		{"sources": ["https://git.example.com/shop/"]},
	)
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was built from https://git.example.com/shop-evil/web, which is not allowed",
		"at": "attestations[provenance release key]",
	}}
}

test_unknown_source_is_denied if {
	found := source_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://ci.example.com/builders/container@v2",
						"source": null,
						"revision": "9fceb02d",
					},
				}),
			],
		},
		{"sources": ["https://git.example.com/shop/"]},
	)
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was built with provenance that names no source repository",
		"at": "attestations[provenance release key]",
	}}
}

test_source_below_an_allowed_start_passes if {
	found := source_not_allowed.deny with input as _given({}, {"sources": ["https://git.example.com/shop/"]})
	found == set()
}

test_allowed_source_itself_passes if {
	found := source_not_allowed.deny with input as _given({}, {"sources": ["https://git.example.com/shop/web"]})
	found == set()
}

test_start_ends_at_a_boundary if {
	found := source_not_allowed.deny with input as _given({"/attestations": [image.attestation("provenance", {})]}, {"sources": ["https://git.example.com/sho"]})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c was built from https://git.example.com/shop/web, which is not allowed",
		"at": "attestations[provenance release key]",
	}}
}

test_empty_list_allows_all if {
	found := source_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://ci.example.com/builders/container@v2",
						"source": "https://git.example.com/shop-evil/web",
						"revision": "9fceb02d",
					},
				}),
			],
		},
		{"sources": []},
	)
	found == set()
}

test_attestation_of_a_stranger_is_passed_over if {
	found := source_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://ci.example.com/builders/container@v2",
						"source": "https://git.example.com/shop-evil/web",
						"revision": "9fceb02d",
					},
					"trusted": false,
				}),
			],
		},
		{"sources": ["https://git.example.com/shop/"]},
	)
	found == set()
}

test_earlier_attestation_is_passed_over if {
	found := source_not_allowed.deny with input as _given(
		{
			"/attestations": [
				image.attestation("provenance", {
					"provenance": {
						"builder": "https://ci.example.com/builders/container@v2",
						"source": "https://git.example.com/shop-evil/web",
						"revision": "9fceb02d",
					},
					"latest": false,
				}),
			],
		},
		{"sources": ["https://git.example.com/shop/"]},
	)
	found == set()
}

test_attestation_without_provenance_is_passed_over if {
	found := source_not_allowed.deny with input as _given({"/attestations": [image.attestation("test", {})]}, {"sources": ["https://git.example.com/shop/"]})
	found == set()
}
