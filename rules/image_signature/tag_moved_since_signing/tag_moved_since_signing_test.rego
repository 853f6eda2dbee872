package rules.image_signature.tag_moved_since_signing_test

import data.rules.image_signature.tag_moved_since_signing
import data.testing.image

test_moved_tag_is_denied if {
	found := tag_moved_since_signing.deny with input as image.facts({"/tag/moved": true, "/tag/digest_now": "sha256:9e1f"})
	found == {{
		"msg": "tag v1.2.0 named sha256:6d0c when it was signed, and names sha256:9e1f now",
		"at": "tag",
	}}
}

test_unmoved_tag_passes if {
	found := tag_moved_since_signing.deny with input as image.facts({})
	found == set()
}

test_unknown_passes if {
	found := tag_moved_since_signing.deny with input as image.facts({"/tag/moved": null, "/tag/digest_when_signed": null})
	found == set()
}

test_reference_without_tag_passes if {
	found := tag_moved_since_signing.deny with input as image.facts({"/tag": null})
	found == set()
}
