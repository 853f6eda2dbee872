package rules.image_signature.reference_without_digest_test

import data.rules.image_signature.reference_without_digest
import data.testing.image

test_tag_alone_is_denied if {
	found := reference_without_digest.deny with input as image.facts({"/text": "web:v1", "/reference/digest": null})
	found == {{"msg": "web:v1 is given by tag: only sha256:6d0c was judged", "at": "reference"}}
}

test_digest_passes if {
	found := reference_without_digest.deny with input as image.facts({})
	found == set()
}

test_layout_passes if {
	found := reference_without_digest.deny with input as image.facts({"/source": "layout", "/reference/digest": null})
	found == set()
}
