package rules.vulnerabilities.no_sbom_test

import data.rules.vulnerabilities.no_sbom
import data.testing.image

test_image_without_sbom_is_denied if {
	found := no_sbom.deny with input as image.facts({"/sbom": {"present": false, "format": null, "attached_as": null}})
	found == {{
		"msg": "registry.example.com/shop/web:v1.2.0@sha256:6d0c has no bill of materials",
		"at": "sbom",
	}}
}

test_image_with_sbom_passes if {
	found := no_sbom.deny with input as image.facts({})
	found == set()
}

test_unknown_passes if {
	found := no_sbom.deny with input as image.facts({"/sbom": null})
	found == set()
}
