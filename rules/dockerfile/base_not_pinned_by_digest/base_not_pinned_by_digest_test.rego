package rules.dockerfile.base_not_pinned_by_digest_test

import data.rules.dockerfile.base_not_pinned_by_digest
import data.testing.dockerfile

test_image_without_digest_is_denied if {
	found := base_not_pinned_by_digest.deny with input as {"images": [dockerfile.used("alpine:3.20", "3.20", null)]}
	found == {{"msg": "stage final uses alpine:3.20 without a digest", "at": "stages[final].base"}}
}

test_image_with_digest_passes if {
	found := base_not_pinned_by_digest.deny with input as {"images": [dockerfile.used("alpine:3.20", "3.20", "sha256:6d0c")]}
	found == set()
}
